/**
 * An ext4 of its own on a file, whose card can fail: the kernel then makes it read-only under whoever writes to it, as on
 * a Pi; the card itself can refuse to write; and it can stand still. Needs root, a loop device and ext4's own test switch;
 * whoever mounts it closes it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, openSync, ftruncateSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SmallDisk } from "./small-disk.js";

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

const sizeMb = 32;

export class FailingDisk {
  /** What the card is made of. The image has holes, so that there is nothing left to write into when it is full. */
  readonly #card = new SmallDisk(sizeMb);
  readonly directory = join(this.#card.directory, "mounted");
  readonly #image = join(this.#card.directory, "image");

  /** Whether this machine lets us mount, and fail, one. */
  static isPossible(): boolean {
    let disk: FailingDisk | undefined;
    try {
      disk = new FailingDisk();
      disk.fail();
      return true;
    } catch {
      return false;
    } finally {
      disk?.close();
    }
  }

  constructor() {
    try {
      const image = openSync(this.#image, "w");
      ftruncateSync(image, sizeMb * 1024 * 1024);
      closeSync(image);
      mkdirSync(this.directory);
      run("mkfs.ext4", "-q", "-F", this.#image);
      this.mount();
    } catch (error) {
      this.#card.close();
      throw error;
    }
  }

  mount(): void {
    run("mount", "-o", "loop,errors=remount-ro", this.#image, this.directory);
  }

  /** From now on it is read-only. */
  fail(): void {
    const device = basename(run("losetup", "-j", this.#image).split(":", 1)[0] ?? "");
    writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, "1");
  }

  /** From now on the card refuses what it has no cells for yet: writers get EIO when they sync. */
  refuse(): void {
    this.#card.fill();
  }

  /** Whoever writes or syncs waits in the kernel, and cannot be killed, until `thaw`. */
  freeze(): void {
    run("fsfreeze", "--freeze", this.directory);
  }

  thaw(): void {
    run("fsfreeze", "--unfreeze", this.directory);
  }

  /** As a reboot does: checks it and mounts it anew. Nobody may have a file open on it. */
  repair(): void {
    run("umount", this.directory);
    // It ends with 1 where it had something to mend.
    const { status } = spawnSync("e2fsck", ["-f", "-y", this.#image], { stdio: "ignore" });
    if (status === null || status > 1) throw new Error(`e2fsck ended with ${String(status)}.`);
    this.mount();
  }

  close(): void {
    run("umount", "--lazy", this.directory);
    this.#card.close();
  }
}
