import type { Availability, GuardView, Resources } from "../../http/wire-protection.js";
import type { RecordingStatus } from "../../http/wire-recording.js";
import { guardRungs } from "../../http/wire-protection.js";
import type { MetricsReading } from "../../ops/metrics.js";

export interface ReadingFacts {
  readonly channel: string;
  readonly liveCamera: number | null;
  readonly frames: readonly number[];
  /** On the monotonic clock, like `nowMs`; null: no frame came. */
  readonly newestArrivedMs: number | null;
  readonly nowMs: number;
  readonly epochMs: number;
  readonly guard: GuardView;
  readonly viewers: number;
  readonly resources: Resources | null;
  readonly recording: RecordingStatus;
  readonly availability: Availability;
}

/** The product's state as the metrics take it. Pure. */
export function readingOf(facts: ReadingFacts): MetricsReading {
  const { newestArrivedMs, nowMs, epochMs, guard, availability } = facts;
  const frameAgeMs = newestArrivedMs === null ? null : Math.max(0, nowMs - newestArrivedMs);
  return {
    channel: facts.channel,
    liveCamera: facts.liveCamera,
    frames: facts.frames,
    lastFrameAt: frameAgeMs === null ? null : epochMs - frameAgeMs,
    frameAgeMs,
    guardLevel: guard.level,
    guardRung: guardRungs.indexOf(guard.rung),
    guardWarnings: guard.warnings.map(({ code }) => code),
    viewers: facts.viewers,
    resources: facts.resources,
    recording: facts.recording,
    availability: {
      hour: availability.hour.percent,
      day: availability.day.percent,
      month: availability.month.percent,
    },
  };
}
