import type { CameraView } from "../../../server/http/wire.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { text } from "../i18n/text.js";
import { setMode } from "../state/actions.js";
import { chooseCamera } from "../state/choose-camera.js";
import { recording } from "../recordings/recordings-store.js";
import { isStopped } from "../state/protection-store.js";
import { dualView } from "../state/dual-view.js";
import { isDual, labelOf, liveCamera, status } from "../state/store.js";
import { progress } from "../state/view.js";
import { Icon } from "./icon.js";

/**
 * One button for each camera, and privacy. The pressed one is what is live, or being made live; in dual mode, what this
 * browser shows large.
 */
export function CameraButtons() {
  const t = text.value;
  const cameras = status.value?.cameras ?? [];
  const off = status.value?.mode === "off";
  const running = progress.value;
  const target = running && (running.direction === "back" ? running.from : running.to);
  const live = isDual.value ? dualView.value : liveCamera.value;
  const shown = running && !isDual.value ? target : off ? null : live;
  return (
    <div class="cameras" role="group" aria-label={t.allCameras}>
      {cameras.map((camera) => (
        <CameraButton
          key={camera.id}
          camera={camera}
          pressed={shown === camera.number}
          busy={target === camera.number && !isDual.value}
          waiting={running?.waiting === camera.number}
        />
      ))}
      <button
        type="button"
        class="button camera privacy"
        aria-pressed={off}
        disabled={status.value === null}
        title={off ? t.camerasOn : t.turnOffHint}
        data-testid="privacy"
        data-state={off ? "off" : "on"}
        onClick={() => void setMode(off ? "toggle" : "off")}
      >
        <Icon name="power" />
        {t.camerasOff}
      </button>
    </div>
  );
}

interface CameraButtonProps {
  camera: CameraView;
  pressed: boolean;
  busy: boolean;
  waiting: boolean;
}

function CameraButton({ camera, pressed, busy, waiting }: CameraButtonProps) {
  const stopped = isStopped.value;
  const recorded = recording.value?.cameras.find((each) => each.camera === camera.number);
  const recordingWaits = recorded?.problem?.code === "otherCameraLive";
  const note = noteOf(text.value, { camera, waiting, stopped, recordingWaits });
  return (
    <button
      type="button"
      class="button camera"
      aria-pressed={pressed}
      aria-busy={busy}
      disabled={stopped}
      title={stopped ? text.value.guardBackWhenLow : undefined}
      data-testid={`camera-${camera.number}`}
      data-state={busy ? "switching" : pressed ? "live" : "idle"}
      onClick={() => {
        chooseCamera(camera.number);
      }}
    >
      <kbd aria-hidden="true">{camera.number + 1}</kbd>
      <span class="camera-label">{labelOf(camera.number)}</span>
      {note !== null && <small class="camera-note">{note}</small>}
    </button>
  );
}

interface NoteFacts {
  readonly camera: CameraView;
  readonly waiting: boolean;
  readonly stopped: boolean;
  /** It is to be recorded, and another camera is live. */
  readonly recordingWaits: boolean;
}

function noteOf(t: Dictionary, { camera, waiting, stopped, recordingWaits }: NoteFacts): string | null {
  if (camera.needsReboot) return t.needsReboot;
  if (!camera.connected) return t.notConnected;
  if (stopped) return t.guardStoppedNote;
  if (waiting) return t.waitingNext;
  return recordingWaits ? t.recordingWaits : null;
}
