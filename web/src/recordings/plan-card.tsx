import { useEffect } from "preact/hooks";
import type { CameraRecording, RecordingPlans } from "../../../server/http/wire-recording.js";
import { formatTime } from "../i18n/format.js";
import { planText, recordingProblemText, whyText } from "../i18n/recording-text.js";
import { language } from "../i18n/chosen-language.js";
import { reasonText, text } from "../i18n/text.js";
import { may } from "../state/session.js";
import { labelOf, status } from "../state/store.js";
import { HandLimit } from "./hand-limit.js";
import { loadPlans, savePlans } from "./recordings-actions.js";
import { plans, recording } from "./recordings-store.js";
import { ScheduleTable } from "./schedule-table.js";

type Plan = RecordingPlans["cameras"][string];

const modes = ["manual", "continuous", "schedule", "off"] as const;

/** When each camera is recorded. A change is in force at once. */
export function PlanCard() {
  const t = text.value;
  useEffect(() => void loadPlans(), []);
  return (
    <section class="card" aria-labelledby="plan-title" data-testid="plans">
      <h2 id="plan-title">{t.recordingPlan}</h2>
      {recording.value?.cameras.map((each) => (
        <CameraPlan key={each.camera} now={each} plan={plans.value?.cameras[each.camera] ?? null} />
      ))}
      {may("administrator") && <HandLimit />}
      {status.value?.mode === "toggle" && <p class="hint">{t.planLiveOnly}</p>}
    </section>
  );
}

function CameraPlan({ now, plan }: { now: CameraRecording; plan: Plan | null }) {
  const t = text.value;
  const { camera } = now;
  const save = (changed: Plan) => void savePlans({ cameras: { [camera]: changed } });
  return (
    <div class="plan">
      <h3>{labelOf(camera)}</h3>
      <div class="segments plan-modes" role="group" aria-label={t.planMode(labelOf(camera))}>
        {modes.map((mode) => (
          <button
            key={mode}
            type="button"
            aria-pressed={plan?.mode === mode}
            disabled={plan === null}
            title={planText(t, mode).hint}
            data-testid={`plan-${camera}-${mode}`}
            onClick={() => {
              if (plan !== null) save({ ...plan, mode });
            }}
          >
            {planText(t, mode).name}
          </button>
        ))}
      </div>
      <State now={now} />
      {plan?.mode === "schedule" && (
        <ScheduleTable
          rows={plan.schedule}
          onChange={(schedule) => {
            save({ ...plan, schedule });
          }}
        />
      )}
    </div>
  );
}

function State({ now: { why, until, problem } }: { now: CameraRecording }) {
  const t = text.value;
  const limit = until === null ? "" : ` ${t.whyUntil(formatTime(until, Date.now(), language.value))}`;
  return (
    <p class="hint">
      {whyText(t, why)}
      {limit}
      {problem !== null && (
        <span class="field-wrong">
          {" · "}
          {recordingProblemText(t, problem.code) ?? reasonText(problem.code, problem.message)}
        </span>
      )}
    </p>
  );
}
