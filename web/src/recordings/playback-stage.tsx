import { useEffect, useRef } from "preact/hooks";
import { LeaveFullScreenButton } from "../components/full-screen-button.js";
import { formatTime } from "../i18n/format.js";
import { language } from "../i18n/chosen-language.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { text } from "../i18n/text.js";
import { labelOf } from "../state/store.js";
import { player } from "./recordings-player.js";
import { camera, isDayEmpty, playback, spans, timeline } from "./recordings-store.js";
import { togglePlaying, Transport } from "./transport.js";

/** Why nothing is shown yet, and what to do. */
function idleText(t: Dictionary): string {
  if (isDayEmpty.value === true) return t.recordingsNone;
  return timeline.value !== null && spans.value.length === 0 ? t.recordingsOfCameraNone : t.playerChoose;
}

/** The picture of what was recorded, and what steers it. */
export function PlaybackStage() {
  const t = text.value;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : player.mount(video.current)), []);
  const { kind, atMs } = playback.value;
  const time = atMs === null ? "" : formatTime(atMs, Date.now(), language.value);
  const words = {
    idle: idleText(t),
    ended: t.playerEnded,
    failed: t.playerFailed,
    loading: t.loading,
  };
  return (
    <div class="playback">
      <div class="playback-stage" id="playback-stage" data-testid="playback" data-state={kind} data-at={atMs ?? ""}>
        <video
          ref={video}
          class="picture"
          data-testid="recorded"
          aria-label={t.recordedPicture(labelOf(camera.value), time)}
          muted
          playsInline
          onClick={togglePlaying}
        />
        {atMs !== null && (
          <p class="stage-label playback-time" data-testid="playback-time">
            {labelOf(camera.value)} · {time}
          </p>
        )}
        {kind in words && (
          <div class="playback-words" role="status">
            <p>{words[kind as keyof typeof words]}</p>
            {kind === "idle" && isDayEmpty.value === true && <p class="cover-detail">{t.recordingsNoneHint}</p>}
          </div>
        )}
        <LeaveFullScreenButton />
      </div>
      <Transport />
    </div>
  );
}
