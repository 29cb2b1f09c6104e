import type { HlsConfig, LoadPolicy } from "hls.js";

const retries = (count: number, delayMs: number, maxDelayMs: number) => ({
  maxNumRetry: count,
  retryDelayMs: delayMs,
  maxRetryDelayMs: maxDelayMs,
});

const policy = (firstByteMs: number, wholeMs: number, count: number): LoadPolicy => ({
  default: {
    maxTimeToFirstByteMs: firstByteMs,
    maxLoadTimeMs: wholeMs,
    timeoutRetry: retries(count, 0, 0),
    errorRetry: retries(count, 250, 1000),
  },
});

/**
 * Settings of hls.js for a picture under a second old. No `liveSync…Count` and no `liveSyncDuration…`: any of them would
 * override the playlist's PART-HOLD-BACK.
 */
export const hlsConfig: Partial<HlsConfig> = {
  lowLatencyMode: true,
  // Else one stall raises the target by a second until the next manifest.
  liveSyncOnStallIncrease: 0,
  // The rate is ours (`catch-up.ts`): hls.js speeds up only with more than a second of buffer, which is never there.
  maxLiveSyncPlaybackRate: 1,
  liveDurationInfinity: true,
  maxBufferLength: 10,
  // `back-buffer.ts` does it: hls.js may stop loading when it trims by itself.
  backBufferLength: Infinity,
  startFragPrefetch: true,
  // One quality: nothing to measure before the start.
  testBandwidth: false,
  // The camera's name comes with the status; cues would load a text track that the page's security policy refuses.
  enableDateRangeMetadataCues: false,
  enableEmsgMetadataCues: false,
  enableID3MetadataCues: false,
  // The first manifest is tried once: the player's own back-off, which ends never, does the rest.
  manifestLoadPolicy: policy(6000, 10_000, 0),
  // A blocked reload is answered within three target durations (3 s). Twenty tries outlast a restart of the service.
  playlistLoadPolicy: policy(6000, 10_000, 20),
  fragLoadPolicy: policy(4000, 10_000, 6),
};
