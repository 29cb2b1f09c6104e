import { signal } from "@preact/signals";
import { text } from "../i18n/text.js";
import { tell } from "../state/actions.js";
import { pictureFrom } from "../state/store.js";
import { Icon } from "./icon.js";

const isFull = signal(false);
document.addEventListener("fullscreenchange", () => {
  isFull.value = document.fullscreenElement !== null;
});

/** iPhones know full screen for videos only. */
type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

/** The whole stage, live or of recordings, with what lies over it; on iPhones the bare video. */
export async function toggleFullScreen(): Promise<void> {
  const stage = document.querySelector("#stage, #playback-stage");
  if (stage === null) return;
  if (document.fullscreenElement !== null) await document.exitFullscreen();
  else if (document.fullscreenEnabled) await stage.requestFullscreen();
  else if (pictureFrom.value === "instant") tell({ kind: "fullScreenNeedsHls" });
  else stage.querySelector<PhoneVideo>("video")?.webkitEnterFullscreen?.();
}

/** Below the picture. */
export function FullScreenButton() {
  return (
    <button type="button" class="button" data-testid="full-screen" onClick={() => void toggleFullScreen()}>
      <Icon name="enlarge" />
      {text.value.fullScreen}
    </button>
  );
}

/** On the picture, in full screen only. */
export function LeaveFullScreenButton() {
  const label = text.value.leaveFullScreen;
  if (!isFull.value) return null;
  return (
    <button type="button" class="stage-button" title={label} aria-label={label} onClick={() => void toggleFullScreen()}>
      <Icon name="shrink" />
    </button>
  );
}
