import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { PlaylistStart } from "../../server/hls/playlist.js";
import { Publisher, type GenerationPublisher } from "../../server/hls/publisher.js";
import { silentLog } from "../../server/lib/log.js";
import { encode } from "./encode.js";
import { RawPartFeeder } from "./raw-parts.js";
import { until } from "./until.js";

/** Encoders that ran once for many tests: 3.1 s each, 16 parts, the last of them 0.1 s long. */
export class RecordedEncoders {
  /** 320x240 and 640x480. */
  readonly small: string;
  readonly large: string;
  readonly #folder = mkdtempSync("/dev/shm/smart-toggle-samples-");

  private constructor() {
    this.small = join(this.#folder, "small");
    this.large = join(this.#folder, "large");
  }

  static async record(): Promise<RecordedEncoders> {
    const recorded = new RecordedEncoders();
    await encode({ directory: recorded.small, seconds: 3.1, size: "320x240" });
    await encode({ directory: recorded.large, seconds: 3.1, size: "640x480" });
    return recorded;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Length of what each of them recorded. */
export const recordedTicks = 279_000;

export interface FedGeneration {
  readonly raw: string;
  readonly feeder: RawPartFeeder;
  readonly run: GenerationPublisher;
}

/** One channel on tmpfs, with a clock that only the test moves, over the lives of several publishers. */
export class ChannelFixture {
  readonly live = mkdtempSync("/dev/shm/smart-toggle-hls-");
  directory = join(this.live, "hls/main");
  nowMs = 1_000;
  reserved: PlaylistStart | undefined;
  readonly clock = { monotonicMs: () => this.nowMs, epochMs: () => 1_700_000_000_000 + this.nowMs };
  readonly #publishers: Publisher[] = [];

  async open(windowSeconds = 10): Promise<Publisher> {
    const publisher = await Publisher.open({
      channel: "main",
      directory: this.directory,
      windowSeconds,
      keepSeconds: 30,
      reservation: { ...(this.reserved && { reserved: this.reserved }), reserve: (upTo) => (this.reserved = upTo) },
      clock: this.clock,
      log: silentLog,
    });
    this.#publishers.push(publisher);
    return publisher;
  }

  /** A generation of camera 0 or 1, whichever its number says, fed from what `recorded` holds. */
  begin(publisher: Publisher, generation: number, recorded: string): FedGeneration {
    const raw = join(this.live, `gen/${generation}`);
    const feeder = new RawPartFeeder(recorded, raw);
    return { raw, feeder, run: publisher.begin({ generation, camera: generation % 2, label: "Door", directory: raw }) };
  }

  /** Publishes a recording from its first part to its last. */
  async publishAll(publisher: Publisher, generation: number, recorded: string): Promise<void> {
    const { feeder, run } = this.begin(publisher, generation, recorded);
    feeder.write(feeder.count);
    await expect(run.end()).resolves.toEqual({ parts: 16, ticks: recordedTicks });
  }

  /** Waits until all up to a media time is published. */
  async published(publisher: Publisher, ticks: number): Promise<void> {
    await until(`${ticks} ticks are published`, 5_000, () => publisher.edgeTicks === ticks);
  }

  /** Leaves everything as kill -9 would: nothing is closed, settled or removed. */
  async kill(publisher: Publisher): Promise<void> {
    const { reserved } = this;
    const before = this.text();
    await publisher.close();
    this.reserved = reserved;
    expect(this.text()).toBe(before);
  }

  /** The playlist on disk; null if there is none. */
  text(): string | null {
    const path = join(this.directory, "live.m3u8");
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  }

  has(name: string): boolean {
    return existsSync(join(this.directory, name));
  }

  read(name: string): Buffer {
    return readFileSync(join(this.directory, name));
  }

  async close(): Promise<void> {
    for (const publisher of this.#publishers) await publisher.close();
    rmSync(this.live, { recursive: true, force: true });
  }
}
