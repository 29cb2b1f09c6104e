import type { ChannelView, Status } from "../../../server/http/wire.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { formatBytes, formatCount, formatMs, formatRate } from "../i18n/format.js";
import type { InstantFigures } from "../instant/shown-frames.js";
import type { PlayerView } from "../player/player-view.js";
import type { Figure } from "./figure.js";
import { machineFigures } from "./machine-figures.js";
import { valueOf, type Unknown } from "./unknown-figure.js";

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
  /** While the instant view is on the stage. */
  readonly instant: InstantFigures | null;
}

/** The live figures of the picture and of the machine. */
export function figureGroups(facts: FigureFacts, t: Dictionary): readonly FigureGroup[] {
  return [
    ...(facts.instant === null ? [] : [group(t.figuresInstant, instantFigures(facts.instant, t))]),
    group(t.figuresPicture, pictureFigures(facts, t)),
    group(t.figuresDevice, machineFigures(facts, t)),
  ];
}

function group(title: string, figures: readonly Figure[]): FigureGroup {
  const reasons = new Set(figures.map(({ value }) => ("unknown" in value ? value.unknown : null)));
  const [only] = reasons;
  return { title, absent: reasons.size === 1 ? (only ?? null) : null, figures };
}

function instantFigures(shown: InstantFigures, t: Dictionary): Figure[] {
  const absent: Unknown = { unknown: t.unknownNotMeasured, why: null };
  return [
    figure("instantLatency", t.figureInstantLatency, valueOf(shown.latencyMs, formatMs, absent)),
    figure("instantFps", t.figureInstantFps, valueOf(shown.fps, formatRate, absent)),
    figure("instantFrames", t.figureInstantFrames, valueOf(shown.frames, formatCount, absent)),
    figure("instantDropped", t.figureInstantDropped, valueOf(shown.dropped, formatCount, absent)),
    figure("instantSize", t.figureInstantSize, valueOf(shown.meanBytes, formatBytes, absent)),
  ];
}

function pictureFigures({ online, channel, player, instant }: FigureFacts, t: Dictionary): Figure[] {
  const live = online && channel !== null && channel.camera !== null;
  const none: Unknown = { unknown: online ? t.unknownNoPicture : t.unknownNoAnswer, why: null };
  const of = <Value>(value: Value | null | undefined, show: (value: Value) => string, absent = t.unknownNotMeasured) =>
    live ? valueOf(value, show, { unknown: absent, why: null }) : none;
  const size = channel?.width && channel.height ? `${channel.width} × ${channel.height}` : null;
  const latencyMs = player.kind === "playing" && player.delay ? player.delay.latencyS * 1000 : null;
  return [
    ...(instant === null ? [figure("latency", t.figureLatency, of(latencyMs, formatMs, t.unknownPlayer))] : []),
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

/** A figure of which nothing particular is to be said. */
const figure = (key: string, label: string, value: Figure["value"], part = false): Figure => ({
  key,
  label,
  value,
  part,
  simulated: false,
  bad: false,
});
