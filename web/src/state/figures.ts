import type { ChannelView, Status } from "../../../server/http/wire.js";
import type { Resources } from "../../../server/http/wire-protection.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { formatBytes, formatCelsius, formatCount, formatMs, formatPercent, formatRate } from "../i18n/format.js";
import type { PlayerView } from "../player/live-player.js";

/** One figure; what is unknown has a reason instead of a value, and is never 0. */
export interface Figure {
  readonly key: string;
  readonly label: string;
  readonly value: { readonly known: string } | { readonly unknown: string };
  /** Part of the figure above it. */
  readonly part: boolean;
}

export interface FigureGroup {
  readonly title: string;
  /** Why nothing of the group is known; said once, instead of for each figure. */
  readonly absent: string | null;
  readonly figures: readonly Figure[];
}

export interface FigureFacts {
  readonly online: boolean;
  readonly status: Status | null;
  readonly channel: ChannelView | null;
  readonly player: PlayerView;
}

/** The live figures of the picture and of the machine. */
export function figureGroups(facts: FigureFacts, t: Dictionary): readonly FigureGroup[] {
  return [group(t.figuresPicture, pictureFigures(facts, t)), group(t.figuresDevice, machineFigures(facts, t))];
}

function group(title: string, figures: readonly Figure[]): FigureGroup {
  const reasons = new Set(figures.map(({ value }) => ("unknown" in value ? value.unknown : null)));
  const [only] = reasons;
  return { title, absent: reasons.size === 1 ? (only ?? null) : null, figures };
}

function pictureFigures({ online, channel, player }: FigureFacts, t: Dictionary): Figure[] {
  const live = online && channel !== null && channel.camera !== null;
  const why = online ? t.unknownNoPicture : t.unknownNoAnswer;
  const of = <Value>(value: Value | null | undefined, show: (value: Value) => string) =>
    live ? valueOf(value ?? null, show, t.unknownNotMeasured) : { unknown: why };
  const size = channel?.width && channel.height ? `${channel.width} × ${channel.height}` : null;
  const latencyMs = player.kind === "playing" && player.delay ? player.delay.latencyS * 1000 : null;
  return [
    figure("latency", t.figureLatency, live ? valueOf(latencyMs, formatMs, t.unknownPlayer) : { unknown: why }),
    figure("frameAge", t.figureFrameAge, of(channel?.frameAgeMs, formatMs)),
    figure("fps", t.figureFps, of(channel?.fps, formatRate)),
    figure("frames", t.figureFrames, of(channel?.frames, formatCount)),
    figure("frameSize", t.figureFrameSize, of(channel?.meanFrameBytes, formatBytes)),
    figure("unusual", t.figureUnusual, of(channel?.unusualFrames, formatCount), true),
    figure(
      "size",
      t.figureSize,
      of(size, (text) => text),
    ),
  ];
}

function machineFigures({ online, status }: FigureFacts, t: Dictionary): Figure[] {
  const resources: Resources | null = status?.resources ?? null;
  const of = (value: number | null | undefined, show: (value: number) => string, absent: string) => {
    if (!online) return { unknown: t.unknownNoAnswer };
    return valueOf(value ?? null, show, resources === null ? t.unknownNotMeasured : absent);
  };
  const driver = status && (status.service.driver === "simulated" ? t.driverSimulated : t.driverRpicam);
  return [
    figure("driver", t.figureDriver, online && driver ? { known: driver } : { unknown: t.unknownNoAnswer }),
    figure("viewers", t.figureViewers, of(status?.viewers, formatCount, t.unknownNotMeasured)),
    figure("cpu", t.figureCpu, of(resources?.cpuPercent, formatPercent, t.unknownNotMeasured)),
    figure("ownCpu", t.figureOwnCpu, of(resources?.ownCpuPercent, formatPercent, t.unknownNotMeasured), true),
    figure("memory", t.figureMemory, of(resources?.memoryPercent, formatPercent, t.unknownNotMeasured)),
    figure("ownMemory", t.figureOwnMemory, of(resources?.ownMemoryBytes, formatBytes, t.unknownNotMeasured), true),
    figure("temperature", t.figureTemperature, of(resources?.temperatureC, formatCelsius, t.unknownNoSensor)),
    figure("disk", t.figureDisk, of(resources?.freeDiskBytes, formatBytes, t.unknownNotMeasured)),
  ];
}

const figure = (key: string, label: string, value: Figure["value"], part = false): Figure => ({
  key,
  label,
  value,
  part,
});

function valueOf<Value>(value: Value | null, show: (value: Value) => string, absent: string): Figure["value"] {
  return value === null ? { unknown: absent } : { known: show(value) };
}
