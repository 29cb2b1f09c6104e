/**
 * A small file system of its own, for tests of what happens when it is full or cannot be written. Needs root; whoever
 * mounts it closes it.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const chunk = Buffer.alloc(64 * 1024);

export class SmallDisk {
  readonly directory = mkdtempSync(join(tmpdir(), "small-disk-"));
  /** Where the file system itself is mounted; the directory shows it. */
  readonly #origin = `${this.directory}-origin`;
  #isMounted = false;

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
    mkdirSync(this.#origin);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", this.#origin], { stdio: "ignore" });
      this.mountAgain();
    } catch (error) {
      for (const folder of [this.directory, this.#origin]) rmdirSync(folder);
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

  /** Takes it away, with all that it holds; the empty folder below it stays. A file that is open stays until it is closed. */
  unmount(): void {
    execFileSync("umount", ["--lazy", this.directory], { stdio: "ignore" });
    this.#isMounted = false;
  }

  mountAgain(): void {
    execFileSync("mount", ["--bind", this.#origin, this.directory], { stdio: "ignore" });
    this.#isMounted = true;
  }

  close(): void {
    if (this.#isMounted) this.unmount();
    execFileSync("umount", ["--lazy", this.#origin], { stdio: "ignore" });
    for (const folder of [this.directory, this.#origin]) rmSync(folder, { recursive: true, force: true });
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
