import type { RotationView } from "../../../server/http/wire.js";
import { text } from "../i18n/text.js";
import { setRotation } from "../state/actions.js";
import { stamped, status } from "../state/store.js";
import { Icon } from "./icon.js";
import { secondsLeft, useNowMs } from "./use-now.js";

const leastSeconds = 5;
const mostSeconds = 86_400;

export function toggleRotation(): void {
  const current = status.value;
  if (current === null || current.cameras.length < 2) return;
  const { enabled, seconds } = current.rotation;
  void setRotation({ enabled: !enabled, seconds });
}

/** Automatic rotation: on or off, time to the next, time on each camera. */
export function RotationControl() {
  const t = text.value;
  const rotation = status.value?.rotation;
  const canRotate = (status.value?.cameras.length ?? 0) > 1;
  return (
    <>
      <button
        type="button"
        class="button rotation"
        aria-pressed={rotation?.enabled ?? false}
        disabled={!canRotate}
        title={canRotate ? t.rotation : t.rotationNeedsTwo}
        data-testid="rotation"
        data-state={rotation?.enabled ? "on" : "off"}
        onClick={toggleRotation}
      >
        <Icon name="rotate" />
        {t.rotation}
        {rotation?.enabled && <TimeToNext rotation={rotation} />}
      </button>
      <RotationSeconds rotation={rotation ?? null} disabled={!canRotate} />
    </>
  );
}

function RotationSeconds({ rotation, disabled }: { rotation: RotationView | null; disabled: boolean }) {
  const t = text.value;
  const commit = (input: HTMLInputElement) => {
    if (rotation === null) return;
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
        value={rotation?.seconds ?? ""}
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
  const nowMs = useNowMs();
  const left =
    rotation.nextInMs === null ? null : secondsLeft(rotation.nextInMs, stamped.value?.rotationAtMs ?? 0, nowMs);
  return (
    <small class="rotation-next" data-testid="rotation-next">
      {left === null ? t.rotationRests : t.rotationNext(left)}
    </small>
  );
}
