/**
 * What the recorder process was told and has not said to be written, on tmpfs beside the parts themselves: so a service
 * that is killed with all its processes loses no part that was published, however late the recorder was. Owned by the
 * recorder's client, and read once, by the next run's.
 *
 * Invariants: a part costs one write of some hundred bytes, to memory; the newest 300 lines are always there, and never
 * more than 600; whatever is wrong with it costs no more than it would have saved.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { makePrivateFolder } from "../../lib/private-files.js";
import { recordedPartSchema } from "../command-schemas.js";

const entrySchema = z.union([
  z.object({ part: recordedPartSchema }),
  z.object({ written: z.object({ channel: z.string(), endTicks: z.number().int() }) }),
]);

/** A part that was told, or word that everything of a channel up to some ticks is done with. */
export type ToldEntry = z.infer<typeof entrySchema>;

/** Parts of two channels for 30 s: as long as their files are sure to exist. */
const linesOfFile = 300;

export class ToldJournal {
  /** What the former runs wrote, oldest first. */
  readonly former: readonly ToldEntry[];
  readonly #path: string;
  #file: number | null = null;
  #lines: number;

  /** Never throws: what cannot be read is passed over. */
  constructor(path: string) {
    this.#path = path;
    const newest = readEntries(path);
    this.former = [...readEntries(olderOf(path)), ...newest];
    this.#lines = newest.length;
  }

  /** Never throws: where there is no room in memory, the parts themselves have none either. */
  add(entry: ToldEntry): void {
    try {
      if (this.#lines >= linesOfFile) this.#turn();
      this.#file ??= this.#open();
      // A line that was cut short spoils no other one.
      writeSync(this.#file, `\n${JSON.stringify(entry)}`);
      this.#lines += 1;
    } catch {
      this.#shut();
    }
  }

  /** Where everything was written, nothing is left for the next run. Never throws. */
  close(isAllWritten: boolean): void {
    this.#shut();
    if (!isAllWritten) return;
    try {
      for (const path of [this.#path, olderOf(this.#path)]) rmSync(path, { force: true });
    } catch {
      // There is none: its folder could not be made. Or it stays, and the next run finds all of it recorded.
    }
  }

  #open(): number {
    makePrivateFolder(dirname(this.#path));
    return openSync(this.#path, "a", 0o600);
  }

  #turn(): void {
    this.#shut();
    renameSync(this.#path, olderOf(this.#path));
    this.#lines = 0;
  }

  #shut(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

const olderOf = (path: string): string => `${path}.old`;

function readEntries(path: string): ToldEntry[] {
  return readLines(path).flatMap((line) => {
    try {
      return [entrySchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
