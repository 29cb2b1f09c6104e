import type { CameraRecording } from "../../../server/http/wire-recording.js";
import { Icon } from "../components/icon.js";
import { useNowMs } from "../components/use-now.js";
import { formatTime, formatWait } from "../i18n/format.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import { sharedNowMs } from "../feed/stamp.js";
import { online } from "../state/protection-store.js";
import { serviceTimeAt } from "../state/service-clock.js";
import { may } from "../state/session.js";
import { labelOf, serviceClock, shownCamera } from "../state/store.js";
import { record } from "./recordings-actions.js";
import { recording } from "./recordings-store.js";

/** Starts or stops the recording of the camera on the stage; a second camera in dual mode has its own plan. */
export function toggleRecording(): void {
  const camera = shownCamera.peek();
  const of = recording.peek()?.cameras.find((each) => each.camera === camera);
  if (of === undefined || !may("operator")) return;
  void record(of.wanted ? "stop" : "start", [of.camera]);
}

/** On the picture: starts and stops recording; while it runs, says for how long. */
export function RecordButton() {
  const t = text.value;
  const camera = shownCamera.value;
  const of = recording.value?.cameras.find((each) => each.camera === camera);
  // Whether it still goes on nobody knows while the service is away.
  if (of === undefined || !online.value) return null;
  if (!may("operator")) return of.wanted ? <Running of={of} /> : null;
  const label = labelOf(of.camera);
  const never = of.mode === "off";
  const title = never ? t.recordNever(label) : of.wanted ? t.recordStop(label) : t.recordStart(label);
  return (
    <>
      {of.wanted && <Running of={of} />}
      <button
        type="button"
        class="stage-button record-button"
        aria-pressed={of.wanted}
        disabled={never}
        title={title}
        aria-label={title}
        data-testid="record"
        data-recording={of.recording}
        onClick={toggleRecording}
      >
        <Icon name="record" />
      </button>
    </>
  );
}

/** Of a picture without a button of its own: whether its camera is recorded. */
export function RecordMark({ camera }: { camera: number }) {
  const of = recording.value?.cameras.find((each) => each.camera === camera);
  return of?.wanted === true && online.value ? <Running of={of} /> : null;
}

/** The indicator: since when, by the service's clock, and until when if it ends by itself. */
function Running({ of: { since, until } }: { of: CameraRecording }) {
  const t = text.value;
  useNowMs();
  if (since === null) return <RunningMark state="waiting" words={t.recordingWaits} short="REC" />;
  const nowMs = serviceTimeAt(serviceClock.value, sharedNowMs()) ?? since;
  const seconds = Math.max(0, Math.floor((nowMs - since) / 1000));
  const words = t.recordingNow(formatWait(seconds));
  const whole = until === null ? words : t.recordingUntil(words, formatTime(until, nowMs, language.value));
  return <RunningMark state="recording" words={whole} short={`REC ${counted(seconds)}`} />;
}

function RunningMark({ state, words, short }: { state: string; words: string; short: string }) {
  return (
    <span class="rec-mark" data-testid="rec-mark" data-state={state} role="img" aria-label={words} title={words}>
      <span class="rec-dot" />
      {short}
    </span>
  );
}

/** `4:05`, `1:02:03`. */
function counted(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
