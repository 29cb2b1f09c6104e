/**
 * The book of one channel: its gap ledger, told of every frame and part and of what keeps the picture away, and its share
 * of the metrics. `ChannelBooks` makes it, has it look, and closes its ledger; the channel is not its own.
 */
import type { Scene } from "../../guard/ledger/gap-tracker.js";
import { GapLedger, type GapLedgerOptions } from "../../guard/ledger/gap-ledger.js";
import type { Metrics } from "../../ops/metrics.js";
import type { Channel } from "../../stream/channel.js";

export interface ChannelBookOptions extends Omit<GapLedgerOptions, "channel"> {
  readonly channel: Channel;
  /** What keeps its picture away now; told why no media can be published, if so. */
  readonly scene: (publishProblem: string | null) => Scene;
  readonly metrics: Metrics;
}

export class ChannelBook {
  readonly channel: Channel;
  readonly ledger: GapLedger;
  readonly #o: ChannelBookOptions;
  #publishProblem: string | null = null;

  constructor(options: ChannelBookOptions) {
    this.#o = options;
    this.channel = options.channel;
    this.ledger = new GapLedger({ ...options, channel: options.channel.name });
    this.#listen();
  }

  look(): void {
    this.ledger.look(this.#o.scene(this.#publishProblem));
  }

  #listen(): void {
    const { channel, ledger } = this;
    const { metrics, clock } = this.#o;
    channel.on("frame", ({ arrivedMs }) => {
      ledger.frame(arrivedMs, channel.source?.identicalSinceMs ?? null);
    });
    channel.on("part", ({ publishedMs, rawMtimeMs }) => {
      this.#publishProblem = null;
      ledger.part(publishedMs);
      metrics.partPublished(channel.name, clock.epochMs() - rawMtimeMs);
    });
    channel.on("encoderBroken", () => {
      metrics.encoderRestarted(channel.name);
    });
    channel.publisher.on("error", ({ code, message }) => {
      if (code === "publishFailed") this.#publishProblem = message;
    });
    ledger.on("gap", ({ to, code, ms }) => {
      if (to !== null) metrics.gapEnded(channel.name, code, ms);
    });
  }
}
