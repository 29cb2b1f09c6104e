import type { OpenEngine } from "./engine.js";
import { hlsIsSupported, openHls } from "./hls-engine.js";
import { nativeIsSupported, openNative } from "./native-engine.js";

/** hls.js wherever it runs, for its low latency; else the browser's own player; null if there is neither. */
export function chooseEngine(video: HTMLVideoElement): OpenEngine | null {
  if (hlsIsSupported()) return openHls;
  return nativeIsSupported(video) ? openNative : null;
}
