import type { Delay, OpenEngine } from "./engine.js";

/** Distance from the end of what can be played; native players take a few segments of one second. */
const holdBackS = 3;

export const nativeIsSupported = (video: HTMLVideoElement): boolean =>
  video.canPlayType("application/vnd.apple.mpegurl") !== "";

/** The browser's own HLS player, where there are no Media Source Extensions (older iPhones). */
export const openNative: OpenEngine = (video, url, listener) => {
  const ended = new AbortController();
  const { signal } = ended;
  const fail = () => {
    listener.onFailure("recreate");
  };
  video.addEventListener(
    "loadedmetadata",
    () => {
      listener.onReady();
    },
    { signal },
  );
  video.addEventListener("error", fail, { signal });
  video.addEventListener("ended", fail, { signal });
  video.src = url;
  return {
    delay: () => delayOf(video),
    camera: () => null,
    recoverMedia: fail,
    close: () => {
      ended.abort();
      video.removeAttribute("src");
      video.load();
    },
  };
};

function delayOf(video: HTMLVideoElement): Delay | null {
  const { seekable } = video;
  if (seekable.length === 0) return null;
  const end = seekable.end(seekable.length - 1);
  return { latencyS: end - video.currentTime, targetS: holdBackS, livePositionS: end - holdBackS };
}
