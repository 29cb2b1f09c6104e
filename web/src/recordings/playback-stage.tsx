import { useEffect, useRef } from "preact/hooks";
import { LeaveFullScreenButton } from "../components/full-screen-button.js";
import { formatTime } from "../i18n/format.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import { labelOf } from "../state/store.js";
import { player } from "./recordings-player.js";
import { camera, playback, spans, timeline } from "./recordings-store.js";
import { togglePlaying, Transport } from "./transport.js";

/** The picture of what was recorded, and what steers it. */
export function PlaybackStage() {
  const t = text.value;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : player.mount(video.current)), []);
  const { kind, atMs } = playback.value;
  const time = atMs === null ? "" : formatTime(atMs, Date.now(), language.value);
  const none = timeline.value !== null && spans.value.length === 0;
  const words = {
    idle: none ? t.recordingsOfCameraNone : t.playerChoose,
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
          <p class="playback-words" role="status">
            {words[kind as keyof typeof words]}
          </p>
        )}
        <LeaveFullScreenButton />
      </div>
      <Transport />
    </div>
  );
}
