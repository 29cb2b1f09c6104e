/**
 * A small file system of its own, for tests of what happens when it is full or cannot be written. Needs root; whoever
 * mounts it closes it.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const chunk = Buffer.alloc(64 * 1024);

export class SmallDisk {
  readonly directory = mkdtempSync(join(tmpdir(), "small-disk-"));

  /** Whether this machine lets us mount. */
  static isPossible(): boolean {
    try {
      new SmallDisk(1).close();
      return true;
    } catch {
      return false;
    }
  }

  constructor(megabytes: number) {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", this.directory], { stdio: "ignore" });
    } catch (error) {
      rmdirSync(this.directory);
      throw error;
    }
  }

  /** Writes until nothing more fits; again, if something was freed since. */
  fill(): void {
    const file = openSync(this.#ballast, "a");
    try {
      for (const size of [chunk.length, 4096, 1]) this.#fillWith(file, chunk.subarray(0, size));
    } finally {
      closeSync(file);
    }
  }

  /** Takes back what `fill` wrote. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Another size, below the present one as well; nothing has to be written for it. */
  resize(megabytes: number): void {
    execFileSync("mount", ["-o", `remount,size=${megabytes}m`, this.directory], { stdio: "ignore" });
  }

  writable(isWritable: boolean): void {
    execFileSync("mount", ["-o", `remount,${isWritable ? "rw" : "ro"}`, this.directory], { stdio: "ignore" });
  }

  /** Whatever still has a file open there keeps it until it ends. */
  close(): void {
    execFileSync("umount", ["--lazy", this.directory], { stdio: "ignore" });
    rmdirSync(this.directory);
  }

  get #ballast(): string {
    return join(this.directory, "ballast");
  }

  #fillWith(file: number, bytes: Buffer): void {
    try {
      for (;;) writeSync(file, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
}
