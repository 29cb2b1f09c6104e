import { text } from "../i18n/text.js";
import { changeSize, sizing } from "../state/change-size.js";
import { isSize, sizeChoices } from "../state/size-choices.js";
import { liveCamera, sideChannel, status } from "../state/store.js";
import { progress } from "../state/view.js";

/** The size of the live camera's picture, by one press (S1): a switch of its own, seen on the strip over the picture. */
export function SizeControl() {
  const t = text.value;
  const camera = status.value?.cameras.find(({ number }) => number === liveCamera.value);
  // Side by side there is no one picture that it would speak of.
  if (camera === undefined || sideChannel.value !== null) return null;
  const wanted = sizing.value;
  const isBusy = wanted !== null || progress.value !== null;
  return (
    <div class="size-control">
      <span id="size-control-label">{t.fieldSize}</span>
      <div class="segments" role="group" aria-labelledby="size-control-label" data-testid="sizes">
        {sizeChoices(camera.profile).map((choice) => (
          <button
            key={choice.name}
            type="button"
            aria-pressed={isSize(choice, wanted ?? camera.profile)}
            aria-busy={wanted !== null && isSize(choice, wanted)}
            aria-label={`${choice.width} × ${choice.height}`}
            disabled={isBusy}
            data-testid={`size-${choice.height}`}
            onClick={() => {
              if (!isSize(choice, camera.profile)) void changeSize(camera.number, choice);
            }}
          >
            {choice.name}
          </button>
        ))}
      </div>
    </div>
  );
}
