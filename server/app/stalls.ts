import { StallWatch, type Reading, type StallLimits } from "../guard/stall-watch.js";
import { systemClock as clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { Channel } from "../stream/channel.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";

/** Watches a channel while its camera is settled; during switches and recovery their own limits hold. */
export function watchStalls(limits: StallLimits, switcher: CameraSwitcher, channel: Channel, log: Log): StallWatch {
  let lastPartMs = 0;
  channel.on("part", (part) => (lastPartMs = part.publishedMs));
  return new StallWatch({
    limits,
    read: () => read(switcher, channel, lastPartMs),
    act: (verdict) => {
      log.warn(`the stall watch found: ${verdict}`);
      if (verdict === "encoderStalled") void channel.generation?.encoder.stop("stalled");
      else void channel.source?.stop(verdict === "sourceFrozen" ? "frozen" : "stalled");
    },
    clock,
  });
}

function read(switcher: CameraSwitcher, channel: Channel, lastPartMs: number): Reading {
  const { source, generation, newestFrame } = channel;
  if (switcher.state.kind !== "idle" || source === null)
    return { frameAgeMs: null, identicalMs: null, partAgeMs: null };
  const nowMs = clock.monotonicMs();
  const since = source.identicalSinceMs;
  return {
    frameAgeMs: newestFrame === null ? null : nowMs - newestFrame.arrivedMs,
    identicalMs: since === null ? null : nowMs - since,
    partAgeMs: generation?.isFeeding === true ? nowMs - Math.max(lastPartMs, generation.fedSinceMs) : null,
  };
}
