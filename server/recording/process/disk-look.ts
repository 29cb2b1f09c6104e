/**
 * Whether the next recording could be written, asked while no recorder runs: by a program of its own, with a limit, for
 * neither a thread nor the loop of the controller may wait for a disk (I8). One at a time, and none after one that hangs
 * in the kernel. The program ends by itself, or with the controller.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { packageRoot } from "../../lib/package-root.js";
import { readAnswer } from "../../process/read-answer.js";
import type { RecorderConfig } from "../messages.js";
import type { Space } from "../storage/space.js";

/** A disk that has to spin up takes some seconds. */
const byDefault = { program: join(packageRoot, "dist/server/recording/storage/look-main.js"), limitMs: 15_000 };
/** What was killed and does not end within this hangs in the kernel. */
const hangsMs = 3000;

const spaceSchema = z.strictObject({ freeBytes: z.number(), totalBytes: z.number() });

export class DiskLook {
  readonly #args: readonly string[];
  readonly #limitMs: number;
  #asking: Promise<Space | null> | null = null;

  /** `how`: the program, of Node, and how long it may take. */
  constructor({ directory, state }: Pick<RecorderConfig, "directory" | "state">, how = byDefault) {
    this.#args = [how.program, directory, state];
    this.#limitMs = how.limitMs;
  }

  /** The room there is; null: the folder is not ours, cannot be written, or did not answer. Never rejects. */
  look(): Promise<Space | null> {
    if (this.#asking !== null) return Promise.resolve(null);
    this.#asking = this.#ask().finally(() => (this.#asking = null));
    return Promise.race([this.#asking, wait(this.#limitMs + hangsMs, null, { ref: false })]);
  }

  async #ask(): Promise<Space | null> {
    const answer = await readAnswer({ program: process.execPath, args: this.#args, limitMs: this.#limitMs });
    if (!answer.known || answer.value.code !== 0) return null;
    const [said = ""] = answer.value.text.split("\n");
    return spaceSchema.safeParse(parse(said)).data ?? null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
