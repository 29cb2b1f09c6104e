import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RotationView } from "../../../server/http/wire.js";
import { sharedNowMs } from "../feed/stamp.js";
import { text } from "../i18n/text.js";
import { setRotation } from "../state/actions.js";
import { stamped, status } from "../state/store.js";
import { Icon } from "./icon.js";

const leastSeconds = 5;
const mostSeconds = 86_400;

export function toggleRotation(): void {
  const current = status.value;
  if (current === null || current.cameras.length < 2) return;
  const { enabled, seconds } = current.rotation;
  void setRotation({ enabled: !enabled, seconds });
}

/** Automatic rotation: on or off, time on each camera, time to the next. */
export function RotationControl() {
  const t = text.value;
  const rotation = status.value?.rotation;
  const canRotate = (status.value?.cameras.length ?? 0) > 1;
  return (
    <div class="rotation">
      <button
        type="button"
        class="button"
        aria-pressed={rotation?.enabled ?? false}
        disabled={!canRotate}
        title={canRotate ? t.rotation : t.rotationNeedsTwo}
        data-testid="rotation"
        data-state={rotation?.enabled ? "on" : "off"}
        onClick={toggleRotation}
      >
        <Icon name="rotate" />
        {t.rotation}
      </button>
      {rotation && <RotationSeconds rotation={rotation} disabled={!canRotate} />}
      {rotation && (
        <output class="rotation-next" data-testid="rotation-next">
          {canRotate ? <TimeToNext rotation={rotation} /> : t.rotationNeedsTwo}
        </output>
      )}
    </div>
  );
}

function RotationSeconds({ rotation, disabled }: { rotation: RotationView; disabled: boolean }) {
  const t = text.value;
  const commit = (input: HTMLInputElement) => {
    const seconds = input.valueAsNumber;
    if (!input.checkValidity() || seconds === rotation.seconds) input.value = String(rotation.seconds);
    else void setRotation({ enabled: rotation.enabled, seconds });
  };
  return (
    <label class="inline-field">
      <span>{t.rotationEvery}</span>
      <input
        type="number"
        inputMode="numeric"
        min={leastSeconds}
        max={mostSeconds}
        step={1}
        required
        disabled={disabled}
        value={rotation.seconds}
        aria-label={t.rotationSeconds}
        data-testid="rotation-seconds"
        onChange={(event) => {
          commit(event.currentTarget);
        }}
      />
      <span>{t.secondsUnit}</span>
    </label>
  );
}

function TimeToNext({ rotation }: { rotation: RotationView }) {
  const t = text.value;
  const nowMs = useSignal(sharedNowMs());
  useEffect(() => {
    const timer = setInterval(() => {
      nowMs.value = sharedNowMs();
    }, 250);
    return () => {
      clearInterval(timer);
    };
  }, [nowMs]);
  if (!rotation.enabled) return <>{t.rotationOff}</>;
  if (rotation.nextInMs === null) return <>{t.rotationRests}</>;
  const passedMs = Math.max(0, nowMs.value - (stamped.value?.rotationAtMs ?? 0));
  return <>{t.rotationNext(Math.max(0, Math.ceil((rotation.nextInMs - passedMs) / 1000)))}</>;
}
