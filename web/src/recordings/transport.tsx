import { toggleFullScreen } from "../components/full-screen-button.js";
import { Icon } from "../components/icon.js";
import { text } from "../i18n/text.js";
import { nextMissing } from "./holes.js";
import { rates } from "./playback.js";
import { playFrom } from "./recordings-actions.js";
import { player } from "./recordings-player.js";
import { day, missing, playback, spans } from "./recordings-store.js";

const stepMs = 10_000;

/** So far from where it is now; from nowhere, nothing happens. */
export function step(ms: number): void {
  const { atMs } = playback.peek();
  if (atMs !== null) playFrom(atMs + ms);
}

/** To where recording goes on after the gap that is next, or was last. */
export function toMissing(direction: 1 | -1): void {
  const { atMs } = playback.peek();
  if (atMs === null) return;
  const found = nextMissing(missing.peek(), atMs, direction);
  if (found !== null) playFrom(found.to);
}

/**
 * Plays or pauses. From nowhere it plays the day from its begin; at the end what was recorded since, or the last seconds;
 * after a failure it tries once more.
 */
export function togglePlaying(): void {
  const { kind, atMs } = playback.peek();
  const from = atMs ?? day.peek().from;
  if (kind === "playing" || kind === "paused") player.toggle();
  else if (kind !== "loading" && !playFrom(from)) playFrom(from - stepMs);
}

export function Transport() {
  const t = text.value;
  const { kind, atMs, rate } = playback.value;
  const none = atMs === null;
  const playing = kind === "playing";
  return (
    <div class="transport" role="group" aria-label={t.transport}>
      <ToolButton
        icon="first"
        label={t.missingBefore}
        disabled={none || nextMissing(missing.value, atMs, -1) === null}
        onPress={() => {
          toMissing(-1);
        }}
        id="missing-before"
      />
      <ToolButton
        icon="back"
        label={t.backTen}
        disabled={none}
        onPress={() => {
          step(-stepMs);
        }}
        id="back-ten"
      />
      <ToolButton
        icon={playing ? "pause" : "play"}
        label={playing ? t.pause : t.play}
        disabled={none && spans.value.length === 0}
        onPress={togglePlaying}
        id="play"
      />
      <ToolButton
        icon="forward"
        label={t.forwardTen}
        disabled={none}
        onPress={() => {
          step(stepMs);
        }}
        id="forward-ten"
      />
      <ToolButton
        icon="last"
        label={t.missingAfter}
        disabled={none || nextMissing(missing.value, atMs, 1) === null}
        onPress={() => {
          toMissing(1);
        }}
        id="missing-after"
      />
      <ToolButton
        icon="enlarge"
        label={t.fullScreen}
        disabled={none}
        onPress={() => void toggleFullScreen()}
        id="playback-full-screen"
      />
      <div class="segments speeds" role="group" aria-label={t.speed}>
        {rates.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={rate === each}
            data-testid={`speed-${each}`}
            onClick={() => {
              player.setRate(each);
            }}
          >
            {t.speedOf(String(each))}
          </button>
        ))}
      </div>
    </div>
  );
}

interface ToolButtonProps {
  readonly icon: Parameters<typeof Icon>[0]["name"];
  readonly label: string;
  readonly disabled: boolean;
  readonly onPress: () => void;
  readonly id: string;
}

function ToolButton({ icon, label, disabled, onPress, id }: ToolButtonProps) {
  return (
    <button
      type="button"
      class="button icon-button"
      title={label}
      aria-label={label}
      disabled={disabled}
      data-testid={id}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
