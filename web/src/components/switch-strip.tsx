import type { Dictionary } from "../i18n/dictionary.js";
import { stepText } from "../i18n/step-text.js";
import { text } from "../i18n/text.js";
import type { Progress } from "../state/progress.js";
import { labelOf } from "../state/store.js";
import { progress } from "../state/view.js";
import { Elapsed } from "./elapsed.js";

/** The phases of the running switch, as they happen, over the last picture. */
export function SwitchStrip() {
  const t = text.value;
  const running = progress.value;
  if (running === null) return null;
  return (
    <div class="strip" data-testid="progress" data-direction={running.direction}>
      <p class="strip-title">
        <span>{title(t, running)}</span>
        <Elapsed sinceMs={running.startedAtMs} label={t.elapsed} />
      </p>
      <ol class="strip-steps">
        {running.steps.map(({ step, state }) => (
          <li key={step} data-state={state} data-step={step} aria-current={state === "now" ? "step" : undefined}>
            {stepText(t, step)}
          </li>
        ))}
      </ol>
      {running.waiting !== null && <p class="strip-waiting">{t.waitingBehind(labelOf(running.waiting))}</p>}
    </div>
  );
}

function title(t: Dictionary, { direction, from, to, trigger }: Progress): string {
  if (direction === "forward" && from === to && to !== null) return titleOfSame(t, trigger, labelOf(to));
  if (direction === "back") return from === null ? t.goingBackOff : t.goingBack(labelOf(from));
  return to === null ? t.turningOff : t.switchingTo(labelOf(to));
}

/** No other camera is wanted: the one that is live starts again, in another way. */
function titleOfSame(t: Dictionary, trigger: Progress["trigger"], label: string): string {
  if (trigger === "mode") return t.changingMode;
  return trigger === "profile" ? t.applyingSettings(label) : t.startingAgain(label);
}
