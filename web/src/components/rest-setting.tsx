import { text } from "../i18n/text.js";
import { setRest } from "../state/actions.js";
import { status } from "../state/store.js";

/** In seconds; 0 is never. */
const usual: readonly number[] = [0, 60, 300, 900, 3600];

/** After how long without anybody who watches the cameras rest (H4). */
export function RestSetting() {
  const t = text.value;
  const set = status.value?.rest.stopAfterSeconds;
  if (set === undefined) return null;
  const choices = [...new Set([...usual, set])].sort((one, other) => one - other);
  return (
    <div class="card row">
      <label for="rest-setting">{t.restDetail}</label>
      <select
        id="rest-setting"
        data-testid="rest-setting"
        value={set}
        onChange={(event) => void setRest(Number(event.currentTarget.value))}
      >
        {choices.map((seconds) => (
          <option key={seconds} value={seconds}>
            {restText(seconds)}
          </option>
        ))}
      </select>
    </div>
  );
}

function restText(seconds: number): string {
  const t = text.value;
  if (seconds === 0) return t.restNever;
  return seconds % 60 === 0 ? t.restMinutes(seconds / 60) : t.restSeconds(seconds);
}
