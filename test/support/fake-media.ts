import { EventEmitter, once } from "node:events";
import { mkdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MediaSource, PlaylistAnswer } from "../../server/http/service.js";

/** A channel `main` whose parts a test publishes by hand; knows just enough of blocking reload for the way there. */
export class FakeMedia implements MediaSource {
  readonly folder: string;
  readonly #published = new EventEmitter<{ part: [] }>().setMaxListeners(0);
  #part = 0;
  #text = Buffer.from("#EXTM3U\n#part 0\n");
  unavailable: string | null = null;
  /** Requests that wait now. */
  waiting = 0;
  /** Answers that nobody waited for any more. */
  aborted = 0;

  /** Media lie in `hls/main` below the live folder. */
  constructor(liveFolder: string) {
    this.folder = join(liveFolder, "hls", "main");
    mkdirSync(this.folder, { recursive: true });
  }

  async publish(): Promise<void> {
    this.#part += 1;
    await writeFile(join(this.folder, `part_${this.#part}.m4s`), `media of part ${this.#part}`);
    this.#text = Buffer.from(`#EXTM3U\n#part ${this.#part}\n`);
    await writeFile(join(this.folder, "live.m3u8.new"), this.#text);
    await rename(join(this.folder, "live.m3u8.new"), join(this.folder, "live.m3u8"));
    this.#published.emit("part");
  }

  async playlist(
    channel: string,
    query: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<PlaylistAnswer> {
    if (channel !== "main") return { kind: "unknown" };
    if (this.unavailable !== null) {
      return { kind: "unavailable", reason: { code: "notLive", message: this.unavailable }, retryAfterSeconds: 2 };
    }
    if (query["_HLS_part"] !== undefined && query["_HLS_msn"] === undefined) {
      return { kind: "refused", message: "_HLS_part needs _HLS_msn." };
    }
    if (query["_HLS_msn"] !== undefined) await this.#until(Number(query["_HLS_msn"]), signal);
    return { kind: "playlist", body: this.#text };
  }

  async media(_channel: string, name: string, signal: AbortSignal): Promise<"published" | "absent"> {
    const part = Number(/^part_(\d+)\.m4s$/.exec(name)?.[1] ?? NaN);
    if (part !== this.#part + 1) return "absent";
    await this.#until(part, signal);
    return signal.aborted ? "absent" : "published";
  }

  async #until(part: number, signal: AbortSignal): Promise<void> {
    this.waiting += 1;
    while (this.#part < part && !signal.aborted) {
      await once(this.#published, "part", { signal }).catch(() => (this.aborted += 1));
    }
    this.waiting -= 1;
  }
}
