import { useEffect } from "preact/hooks";
import { formatWait } from "../i18n/format.js";
import { text } from "../i18n/text.js";
import { loadKeeping, saveHandLimit } from "./recordings-actions.js";
import { keeping } from "./recordings-store.js";

/** In seconds. */
const usual: readonly number[] = [300, 900, 1800, 3600, 14_400, 43_200, 86_400];

/** How long a recording lasts that somebody starts by hand and does not stop. */
export function HandLimit() {
  const t = text.value;
  useEffect(() => void loadKeeping(), []);
  if (keeping.value === null) return null;
  const { handLimitSeconds: set } = keeping.value;
  const choices = [...new Set([...usual, ...(set === null ? [] : [set])])].sort((one, other) => one - other);
  return (
    <div class="hand-limit">
      <label for="hand-limit">{t.handLimit}</label>
      <select
        id="hand-limit"
        data-testid="hand-limit"
        value={set ?? ""}
        onChange={({ currentTarget: { value } }) => void saveHandLimit(value === "" ? null : Number(value))}
      >
        <option value="">{t.handLimitNone}</option>
        {choices.map((seconds) => (
          <option key={seconds} value={seconds}>
            {t.handLimitAfter(formatWait(seconds))}
          </option>
        ))}
      </select>
    </div>
  );
}
