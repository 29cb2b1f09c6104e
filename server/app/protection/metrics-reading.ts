import type { Availability, GuardView, Resources } from "../../http/wire-protection.js";
import type { RecordingStatus } from "../../http/wire-recording.js";
import { guardRungs } from "../../http/wire-protection.js";
import type { ChannelReading, MetricsReading } from "../../ops/metrics.js";

export interface ReadingFacts {
  readonly channels: readonly ChannelFacts[];
  readonly liveCameras: readonly number[];
  readonly frames: readonly number[];
  readonly nowMs: number;
  readonly epochMs: number;
  readonly guard: GuardView;
  readonly viewers: number;
  readonly resources: Resources | null;
  readonly recording: RecordingStatus;
}

export interface ChannelFacts {
  readonly name: string;
  /** On the monotonic clock, like `nowMs`; null: no frame came. */
  readonly newestArrivedMs: number | null;
  readonly availability: Pick<Availability, "hour" | "day" | "month">;
}

/** The product's state as the metrics take it. Pure. */
export function readingOf(facts: ReadingFacts): MetricsReading {
  const { guard } = facts;
  return {
    channels: facts.channels.map((channel) => channelReading(channel, facts)),
    liveCameras: facts.liveCameras,
    frames: facts.frames,
    guardLevel: guard.level,
    guardRung: guardRungs.indexOf(guard.rung),
    guardWarnings: guard.warnings.map(({ code }) => code),
    viewers: facts.viewers,
    resources: facts.resources,
    recording: facts.recording,
  };
}

function channelReading(
  { name, newestArrivedMs, availability }: ChannelFacts,
  { nowMs, epochMs }: Pick<ReadingFacts, "nowMs" | "epochMs">,
): ChannelReading {
  const frameAgeMs = newestArrivedMs === null ? null : Math.max(0, nowMs - newestArrivedMs);
  const { hour, day, month } = availability;
  return {
    name,
    frameAgeMs,
    lastFrameAt: frameAgeMs === null ? null : epochMs - frameAgeMs,
    availability: { hour: hour.percent, day: day.percent, month: month.percent },
  };
}
