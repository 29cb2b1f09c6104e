import Hls, { type ErrorData } from "hls.js/light";
import { trimBackBuffer } from "./back-buffer.js";
import type { Delay, OpenEngine } from "./engine.js";
import { actionFor } from "./error-policy.js";
import { hlsConfig } from "./hls-config.js";
import { cameraAt } from "./picture-camera.js";

export const hlsIsSupported = (): boolean => Hls.isSupported();

/** hls.js on Media Source Extensions (or ManagedMediaSource). */
export const openHls: OpenEngine = (video, url, listener) => {
  const hls = new Hls(hlsConfig);
  hls.on(Hls.Events.ERROR, (_event, error: ErrorData) => {
    const action = actionFor(error);
    if (action !== "ignore") listener.onFailure(action);
  });
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    listener.onReady();
  });
  trimBackBuffer(hls, video);
  hls.loadSource(url);
  hls.attachMedia(video);
  return {
    delay: () => delayOf(hls),
    camera: () => cameraOf(hls),
    recoverMedia: () => {
      hls.recoverMediaError();
    },
    close: () => {
      hls.destroy();
    },
  };
};

function delayOf(hls: Hls): Delay | null {
  const { latency, targetLatency, liveSyncPosition } = hls;
  if (targetLatency === null || liveSyncPosition === null || latency === 0) return null;
  return { latencyS: latency, targetS: targetLatency, livePositionS: liveSyncPosition };
}

function cameraOf(hls: Hls): number | null {
  const { playingDate, latestLevelDetails } = hls;
  if (playingDate === null || latestLevelDetails === null) return null;
  const ranges = Object.values(latestLevelDetails.dateRanges).flatMap((range) =>
    range?.class === "camera" ? [{ startMs: range.startDate.getTime(), camera: Number(range.attr["X-CAMERA"]) }] : [],
  );
  return cameraAt(ranges, playingDate.getTime());
}
