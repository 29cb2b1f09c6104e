/** Receives the frame's place on the media element's timeline, in seconds. */
type OnFrame = (mediaTimeS: number) => void;

/** How often a browser that cannot report each frame is asked. */
const pollMs = 200;

/**
 * Calls `onFrame` whenever a new frame is on the screen, until `signal` ends it: by requestVideoFrameCallback, or where
 * there is none by looking whether the picture moves on.
 */
export function watchFrames(video: HTMLVideoElement, signal: AbortSignal, onFrame: OnFrame): void {
  if ("requestVideoFrameCallback" in video) watchByCallback(video, signal, onFrame);
  else watchByTime(video, signal, onFrame);
}

function watchByCallback(video: HTMLVideoElement, signal: AbortSignal, onFrame: OnFrame): void {
  let handle = 0;
  const next = () => {
    handle = video.requestVideoFrameCallback((_nowMs, { mediaTime }) => {
      onFrame(mediaTime);
      next();
    });
  };
  next();
  signal.addEventListener("abort", () => {
    video.cancelVideoFrameCallback(handle);
  });
}

function watchByTime(video: HTMLMediaElement, signal: AbortSignal, onFrame: OnFrame): void {
  let seen = video.currentTime;
  const timer = setInterval(() => {
    if (video.currentTime === seen || video.paused) return;
    seen = video.currentTime;
    onFrame(seen);
  }, pollMs);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
  });
}
