import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readProcess } from "./process-table.js";

/** Every child carries this variable; its value is the marker of its record. */
export const markerVariable = "SMART_TOGGLE_CHILD";

const recordSchema = z.object({
  marker: z.uuid(),
  name: z.string(),
  /** Real path of the program, to know its forks by when they overwrote their environment (NGINX does). */
  program: z.string(),
  bootId: z.string(),
  controllerPid: z.number().int(),
  /** Null until the process exists: a controller that dies in between leaves a record that is found by its marker. */
  groupId: z.number().int().min(2).nullable(),
  startTicks: z.number().int().nullable(),
});

/** What is kept of a child while it may live. */
export type ChildRecord = z.infer<typeof recordSchema>;

/** This boot of this machine, or "" where the kernel does not say. */
export function readBootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}

/**
 * One small file for each child that may live, so that the next start can find what a crash left (I5). The folder lies
 * on tmpfs; writing is synchronous, because a record must be there before its child is.
 */
export class ChildRecords {
  readonly #directory: string;
  readonly #bootId = readBootId();

  /** Creates the folder where needed. Errors of the file system are passed on. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Records a child about to be spawned; its marker must stand in its environment. */
  announce(name: string, programPath: string): ChildRecord {
    const { pid } = process;
    const program = realpathSync(programPath);
    const record = { name, program, bootId: this.#bootId, controllerPid: pid, groupId: null, startTicks: null };
    return this.#write({ ...record, marker: randomUUID() });
  }

  /** Adds what only the kernel knows. */
  spawned(record: ChildRecord, pid: number): ChildRecord {
    return this.#write({ ...record, groupId: pid, startTicks: readProcess(pid)?.startTicks ?? null });
  }

  /** The child is gone. Unknown markers are no error. */
  forget(marker: string): void {
    rmSync(this.#pathOf(marker), { force: true });
  }

  /** All records; one that cannot be read was never finished, its child never spawned: it is removed. */
  all(): ChildRecord[] {
    const files = readdirSync(this.#directory).filter((file) => file.endsWith(".json"));
    return files.flatMap((file) => this.#read(join(this.#directory, file)) ?? []);
  }

  #read(path: string): ChildRecord | null {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    } catch {
      rmSync(path, { force: true });
      return null;
    }
  }

  #write(record: ChildRecord): ChildRecord {
    const path = this.#pathOf(record.marker);
    writeFileSync(`${path}.new`, JSON.stringify(record));
    renameSync(`${path}.new`, path);
    return record;
  }

  #pathOf(marker: string): string {
    return join(this.#directory, `${marker}.json`);
  }
}
