/** The recorder itself, without product and process, fed with parts that a real encoder made. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../server/config/database.js";
import { inspectInit, inspectPart } from "../../server/hls/mp4.js";
import { rebase } from "../../server/hls/rebase.js";
import { systemClock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import { openCatalogue, readCatalogue } from "../../server/recording/catalogue/open-catalogue.js";
import type { GapRow } from "../../server/recording/catalogue/gap-row.js";
import type { RecordingRow } from "../../server/recording/catalogue/recording-row.js";
import type { RecordedPart, RecorderConfig, RecorderEvent, RecorderMessage } from "../../server/recording/messages.js";
import { Recorder, type RecorderOptions } from "../../server/recording/recorder.js";
import { encode } from "./encode.js";

export interface Feed {
  /** Parts of 0.2 s. */
  readonly count: number;
  /** The first of them; default: 0. */
  readonly first?: number;
  readonly generation?: number;
  readonly startTicks?: number;
  readonly startedAtMs?: number;
}

const partTicks = 18_000;

export class RecorderScene {
  readonly directory = mkdtempSync(join(tmpdir(), "recorder-"));
  readonly told: RecorderMessage[] = [];
  readonly config: RecorderConfig;
  /** What a recorder's client remembers over its own end. */
  readonly journal = join(this.directory, "live", "told");
  readonly #parts: Buffer[] = [];

  static async create(): Promise<RecorderScene> {
    const scene = new RecorderScene();
    await scene.#encode();
    return scene;
  }

  private constructor() {
    const { directory } = this;
    this.config = {
      directory: join(directory, "recordings"),
      state: join(directory, "state"),
      memoryDirectory: join(directory, "memory"),
      ...{
        tier: "disk",
        memoryMb: 100,
        fileSeconds: 30,
        ffmpegProgram: "ffmpeg",
        children: join(directory, "children"),
      },
      ...{ playbackDirectory: join(directory, "playback"), playbackMb: 8 },
      retention: { keepDays: null, maxGb: null, minFreeHours: 0, minFreeMb: 0 },
    };
  }

  /** A run of the recorder on the folders of the scene, and its end in order. */
  async run(
    act: (recorder: Recorder) => void | Promise<void> = () => undefined,
    options: Partial<RecorderOptions> = {},
  ): Promise<void> {
    const { connection } = openCatalogue((options.config ?? this.config).state);
    const recorder = this.recorder(connection, options);
    await recorder.repaired;
    await recorder.agreed;
    await act(recorder);
    await recorder.close();
    connection.close();
  }

  /** One that has just started; whoever asks for it closes it, and the catalogue after it. */
  recorder(connection: Connection, options: Partial<RecorderOptions> = {}): Recorder {
    const tell = (message: RecorderMessage): void => void this.told.push(message);
    return new Recorder({ config: this.config, connection, tell, clock: systemClock, log: silentLog, ...options });
  }

  /** The files of fragments as they lie there after these parts, as if the power went away. */
  async leftAfter(feed: Feed): Promise<{ readonly path: string; readonly data: Buffer }> {
    let left: { readonly path: string; readonly data: Buffer } | undefined;
    await this.run(async (recorder) => {
      await this.feed(recorder, feed);
      const [name] = readdirSync(this.config.directory, { recursive: true, encoding: "utf8" }).filter(isPartial);
      const path = join(this.config.directory, name ?? "none");
      left = { path, data: readFileSync(path) };
    });
    if (left === undefined) throw new Error("Nothing was left.");
    return left;
  }

  /** Tells of parts, and waits until they are written. */
  async feed(recorder: Recorder, feed: Feed): Promise<void> {
    recorder.start("main");
    for (let number = feed.first ?? 0; number < feed.count; number++) recorder.part(this.part(number, feed));
    await recorder.written("main");
  }

  rows(): RecordingRow[] {
    const database = readCatalogue(this.config.state);
    const rows = (database?.prepare("SELECT * FROM recordings ORDER BY id").all() ?? []) as RecordingRow[];
    database?.close();
    return rows;
  }

  /** As the catalogue holds them, by the channel's time. */
  gaps(): GapRow[] {
    const database = readCatalogue(this.config.state);
    const gaps = (database?.prepare("SELECT * FROM recording_gaps ORDER BY from_ticks").all() ?? []) as GapRow[];
    database?.close();
    return gaps;
  }

  /** Messages about what happened. */
  events(): RecorderEvent[] {
    return this.told.flatMap((message) => (message.type === "event" ? [message.event] : []));
  }

  /** Everything in the recordings folder but its marker. */
  names(): string[] {
    const all = readdirSync(this.config.directory, { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile() && !entry.name.startsWith(".smart-toggle"))
      .map(({ name }) => name)
      .sort();
  }

  loseCatalogue(): void {
    for (const ending of ["", "-wal", "-shm"]) {
      rmSync(join(this.config.state, `recordings.sqlite${ending}`), { force: true });
    }
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #encode(): Promise<void> {
    const made = join(this.directory, "encoded");
    await encode({ directory: made, seconds: 4, size: "320x240" });
    mkdirSync(join(this.directory, "public"));
    copyFileSync(join(made, "init.mp4"), join(this.directory, "public", "init.mp4"));
    const names = readdirSync(made).filter((name) => name.endsWith(".m4s"));
    this.#parts.push(...names.sort().map((name) => readFileSync(join(made, name))));
  }

  /** The n-th part of a feed, whose file lies there from now on. */
  part(number: number, { generation = 1, startTicks = 0, startedAtMs = Date.now() }: Feed): RecordedPart {
    const { defaults } = inspectInit(readFileSync(join(this.directory, "public", "init.mp4")));
    const source = this.#parts[number % this.#parts.length] ?? Buffer.alloc(0);
    const decodeTicks = startTicks + number * partTicks;
    const path = join(this.directory, "public", `part_${generation}_${number}.m4s`);
    const data = rebase(source, { decodeTicks, sequence: number });
    writeFileSync(path, data);
    return {
      ...{
        channel: "main",
        generation,
        camera: 0,
        label: "Front door",
        path,
        init: join(this.directory, "public", "init.mp4"),
      },
      ...{ profile: { width: 320, height: 240, fps: 30 }, startTicks: decodeTicks, ticks: partTicks },
      independent: inspectPart(data, defaults).independent,
      startedAtMs: startedAtMs + number * 200,
    };
  }
}

function isPartial(name: string): boolean {
  return name.endsWith(".partial");
}
