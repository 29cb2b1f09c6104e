import { StallWatch, type Reading, type StallLimits } from "../../guard/stall-watch.js";
import { systemClock as clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Channel } from "../../stream/channel.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";

/** Watches a channel's encoder all the time, its camera while that is settled: switches and recovery have own limits. */
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
  const nowMs = clock.monotonicMs();
  // What a channel follows has a watch of its own.
  if (channel.followed !== null) return { frameAgeMs: null, identicalMs: null, partAgeMs: null };
  const settled = switcher.state.kind === "idle" && source !== null;
  const since = source?.identicalSinceMs ?? null;
  return {
    frameAgeMs: settled && newestFrame !== null ? nowMs - newestFrame.arrivedMs : null,
    identicalMs: settled && since !== null ? nowMs - since : null,
    // An encoder gives parts whatever the camera does: repeats, or the slate.
    partAgeMs: generation?.isFeeding === true ? nowMs - Math.max(lastPartMs, generation.fedSinceMs) : null,
  };
}
