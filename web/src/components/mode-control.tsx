import { reasonText, text } from "../i18n/text.js";
import { setMode } from "../state/actions.js";
import { chooseDualView, dualView, type DualView } from "../state/dual-view.js";
import { isStopped } from "../state/protection-store.js";
import { may } from "../state/session.js";
import { isDual, labelOf, status } from "../state/store.js";
import { progress } from "../state/view.js";

/** One camera at a time or both at once, for all; in dual mode, which of them to see, for this browser alone. */
export function ModeControl() {
  const now = status.value;
  if (now === null || now.cameras.length < 2 || !(may("operator") || isDual.value)) return null;
  return (
    <div class="size-control">
      {may("operator") && <Modes />}
      {isDual.value && <Views />}
      <ModeNote />
    </div>
  );
}

function Modes() {
  const t = text.value;
  const mode = status.value?.mode;
  const busy = progress.value !== null || isStopped.value || mode === "off";
  return (
    <div class="segments" role="group" aria-label={t.mode} data-testid="modes">
      {(["toggle", "dual"] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={mode === one}
          disabled={busy}
          data-testid={`mode-${one}`}
          onClick={() => {
            if (mode !== one) void setMode(one);
          }}
        >
          {one === "dual" ? t.modeDual : t.modeToggle}
        </button>
      ))}
    </div>
  );
}

function Views() {
  const t = text.value;
  const views: readonly DualView[] = ["both", ...(status.value?.cameras ?? []).map(({ number }) => number)];
  return (
    <div class="segments" role="group" aria-label={t.view} data-testid="views">
      {views.map((view) => (
        <button
          key={view}
          type="button"
          aria-pressed={dualView.value === view}
          data-testid={`view-${view}`}
          onClick={() => {
            chooseDualView(view);
          }}
        >
          {view === "both" ? t.viewBoth : labelOf(view)}
        </button>
      ))}
    </div>
  );
}

/** Why the mode that was asked for is not the one in force. */
function ModeNote() {
  const reason = status.value?.modeInForce.reason ?? null;
  if (reason === null || status.value?.mode !== "dual") return null;
  return (
    <small role="status" data-testid="mode-reason">
      {text.value.modeLeft} {reasonText(reason.code, reason.message)}
    </small>
  );
}

/** The key: both at once, or one at a time again. */
export function toggleDual(): void {
  const now = status.value;
  if (now === null || now.cameras.length < 2 || now.mode === "off" || isStopped.value) return;
  void setMode(now.mode === "dual" ? "toggle" : "dual");
}
