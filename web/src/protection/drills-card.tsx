import type { DrillResult, DrillView } from "../../../server/http/wire-protection.js";
import { Disclosure } from "../components/disclosure.js";
import { Icon } from "../components/icon.js";
import { drillNameText, drillOutcomeText, drillRefusalText, drillTimeText } from "../i18n/drill-text.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { formatTime } from "../i18n/format.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import { may } from "../state/session.js";
import { drillTally, isRunning } from "../state/drills.js";
import { drillsRefused } from "../state/protection-store.js";
import { status } from "../state/store.js";
import { openDrills } from "./drill-dialog.js";

/** Failures on purpose: the button that begins them, and what came of the last ones. */
export function DrillsCard() {
  const t = text.value;
  const drill = status.value?.drill ?? null;
  return (
    <Disclosure id="drills" title={t.drills} digest={drill === null ? undefined : digestOf(t, drill)}>
      {() => (
        <>
          <p class="hint">{t.drillsDetail}</p>
          {may("administrator") && <StartButton />}
          <p class="drills-state" role="status">
            {drill === null ? t.drillsNever : stateOf(t, drill)}
          </p>
          {drill !== null && <Results drill={drill} />}
        </>
      )}
    </Disclosure>
  );
}

function StartButton() {
  const t = text.value;
  const refusal = drillsRefused.value;
  return (
    <>
      <button
        type="button"
        class="button drills-start"
        disabled={refusal !== null}
        aria-describedby={refusal === null ? undefined : "drills-refusal"}
        data-testid="drills-start"
        onClick={openDrills}
      >
        <Icon name="pulse" />
        {t.drillsStart}
      </button>
      {refusal !== null && (
        <p class="hint" id="drills-refusal" data-testid="drills-refusal">
          {drillRefusalText(t, refusal)}
        </p>
      )}
    </>
  );
}

function Results({ drill }: { drill: DrillView }) {
  return (
    <ol class="drill-results" data-testid="drill-results">
      {drill.results.map((result) => (
        <ResultItem key={result.name} result={result} />
      ))}
    </ol>
  );
}

function ResultItem({ result }: { result: DrillResult }) {
  const t = text.value;
  const { name, outcome, note } = result;
  return (
    <li class="drill-result" data-drill={name} data-outcome={outcome} title={note === "" ? undefined : note}>
      <p class="drill-line">
        <span>{drillNameText(t, name)}</span>
        <strong class="drill-outcome">{drillOutcomeText(t, outcome)}</strong>
      </p>
      <p class="drill-time">{drillTimeText(t, result)}</p>
      <TimeBar result={result} />
      {(outcome === "failed" || outcome === "skipped") && note !== "" && <p class="drill-note">{note}</p>}
    </li>
  );
}

/** The time to a picture as a part of the time that it may take. */
function TimeBar({ result: { pictureMs, limitMs } }: { result: DrillResult }) {
  if (pictureMs === null) return null;
  const share = Math.min(1, pictureMs / limitMs);
  return (
    <span class="drill-bar" aria-hidden="true">
      <span style={{ width: `${(100 * share).toFixed(1)}%` }} />
    </span>
  );
}

/** In a few words, for the closed card. */
function digestOf(t: Dictionary, drill: DrillView): string {
  const { all, over, failed } = drillTally(drill);
  if (isRunning(drill)) return t.drillsRunning(over, all);
  return failed > 0 ? t.drillsFailed(failed, all) : t.drillsPassed(all);
}

function stateOf(t: Dictionary, drill: DrillView): string {
  if (drill.endedAt === null) return digestOf(t, drill);
  return `${digestOf(t, drill)} · ${t.drillsAt(formatTime(drill.endedAt, Date.now(), language.value))}`;
}
