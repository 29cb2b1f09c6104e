import type { Publisher } from "../hls/publisher.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import type { EncoderChoice } from "./encoder-choice.js";

export interface ChannelOptions {
  readonly name: string;
  readonly publisher: Publisher;
  /** Folder below which each generation has its own. */
  readonly directory: string;
  readonly nextGeneration: () => number;
  readonly ffmpegProgram: string;
  /** Which encoder the next generation takes; told of those that fail. */
  readonly encoders: EncoderChoice;
  readonly slateAfterMs: number;
  /** How long an encoder may take to end after its input was closed. */
  readonly handOverMs: number;
  readonly records: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}
