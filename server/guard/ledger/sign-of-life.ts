import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

/** A moment, so that a later run can tell how long ago it was. */
export const momentSchema = z.object({
  /** Milliseconds since the Unix epoch. */
  at: z.number(),
  /** Milliseconds since the machine started. */
  uptimeMs: z.number(),
  bootId: z.string(),
});
export type Moment = z.infer<typeof momentSchema>;

/**
 * Milliseconds from one moment to another: by the machine's uptime if it is the same start of it, else by the wall
 * clock, of which nothing better is left. Whole, and never negative.
 */
export function msBetween(from: Moment, to: Moment): number {
  const same = from.bootId !== "" && from.bootId === to.bootId;
  return Math.max(0, Math.round(same ? to.uptimeMs - from.uptimeMs : to.at - from.at));
}

/** Long enough for any moment: each one is written over the last, in place. */
const fileBytes = 256;

/**
 * Says, once a second, that the service lives: one small file on tmpfs, written in place through an open descriptor, so
 * that a kill at any time leaves the last whole moment and a full tmpfs changes nothing. Whoever makes it closes it.
 */
export class SignOfLife {
  /** Of the former run; null when it left none. */
  readonly former: Moment | null;
  readonly #buffer = Buffer.alloc(fileBytes, " ");
  #descriptor: number | null = null;

  /** A file that cannot be read or made is none: the ledger then knows less exactly when the former run ended. */
  constructor(path: string) {
    this.former = readMoment(path);
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#descriptor = openSync(path, "w");
    } catch {
      this.#descriptor = null;
    }
  }

  beat(moment: Moment): void {
    if (this.#descriptor === null) return;
    this.#buffer.fill(" ");
    this.#buffer.write(JSON.stringify(moment));
    try {
      writeSync(this.#descriptor, this.#buffer, 0, fileBytes, 0);
    } catch {
      // The folder may be full; the next beat tries again.
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

function readMoment(path: string): Moment | null {
  try {
    return momentSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
