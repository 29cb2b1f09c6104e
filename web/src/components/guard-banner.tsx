import type { GuardView } from "../../../server/http/wire-protection.js";
import { formatWait } from "../i18n/format.js";
import { guardReasonText, guardTitle, figureOf } from "../i18n/guard-text.js";
import { text } from "../i18n/text.js";
import { guard, online } from "../state/protection-store.js";
import { stamped, status } from "../state/store.js";
import { DrillMark } from "./drill-mark.js";
import { secondsLeft, useNowMs } from "./use-now.js";

/** Over the upper edge of the picture while it is lighter than it should be: why, and until when. */
export function GuardBanner() {
  const view = guard.value;
  if (view === null || view.level !== "reduced" || !online.value || status.value?.mode === "off") return null;
  return (
    <div class="guard-banner" role="status" data-testid="guard-banner" data-rung={view.rung}>
      <strong>{guardTitle(text.value, view.rung)}</strong>
      <GuardReason view={view} />
    </div>
  );
}

/** Why the guard acts, and when it goes back. Also on the cover of a stopped picture. */
export function GuardReason({ view }: { view: GuardView }) {
  const t = text.value;
  const { reason } = view;
  const simulated = reason !== null && status.value?.resources?.simulated.includes(figureOf(reason)) === true;
  return (
    <>
      {reason !== null && (
        <span class="guard-reason" title={reason.message}>
          {guardReasonText(t, reason)}. {simulated && <DrillMark />}
        </span>
      )}
      <WayBack view={view} />
    </>
  );
}

function WayBack({ view }: { view: GuardView }) {
  const t = text.value;
  const nowMs = useNowMs();
  if (view.backInMs === null) return view.level === "stopped" ? <span>{t.guardBackWhenLow}</span> : null;
  const left = secondsLeft(view.backInMs, stamped.value?.guardAtMs ?? 0, nowMs);
  const time = formatWait(Math.max(1, left));
  return <span class="guard-back">{(view.level === "stopped" ? t.guardBackIn : t.guardStepBackIn)(time)}</span>;
}
