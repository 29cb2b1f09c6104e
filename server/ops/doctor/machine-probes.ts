/** Reads what the judgements on the machine ask for. Nothing here decides; nothing here rejects. */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { known, unknown, whyOf, type Measured } from "../../lib/measured.js";
import { oomKills } from "../../process/oom-kills.js";
import { readAnswer } from "../../process/read-answer.js";
import type { DiskFacts, FolderFacts, MemoryFacts } from "./judge-machine.js";

/** TMPFS_MAGIC of the kernel's include/uapi/linux/magic.h. */
const tmpfsMagic = 0x01021994;

/** A file call that hangs (a dead network disk) is not waited for. */
export async function within<Value>(limitMs: number, reading: Promise<Measured<Value>>): Promise<Measured<Value>> {
  const late = new Promise<Measured<Value>>((resolve) => {
    setTimeout(resolve, limitMs, unknown(`It did not answer within ${limitMs / 1000} s.`)).unref();
  });
  return Promise.race([reading.catch((error: unknown) => unknown(`It cannot be read (${whyOf(error)}).`)), late]);
}

export async function readMemory(path = "/proc/meminfo"): Promise<Measured<MemoryFacts>> {
  const text = await readFile(path, "latin1");
  const bytes = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text)?.[1]) * 1024;
  const [totalBytes, availableBytes] = [bytes("MemTotal"), bytes("MemAvailable")];
  if (Number.isNaN(totalBytes + availableBytes)) return unknown(`${path} says nothing of it.`);
  return known({ totalBytes, availableBytes, kills: oomKills() });
}

/** Whether a time server has set the clock, as systemd says. */
export async function readClock(program = "timedatectl"): Promise<Measured<boolean>> {
  const args = ["show", "--property=NTPSynchronized", "--value"];
  const answer = await readAnswer({ program, args, limitMs: 5000 });
  if (!answer.known) return answer;
  const said = answer.value.text.split("\n")[0] ?? "";
  return ["yes", "no"].includes(said) ? known(said === "yes") : unknown(`timedatectl says: ${said || "nothing"}.`);
}

/** Of the folder, or of the nearest one above it that exists. */
export async function readFolder(path: string): Promise<Measured<FolderFacts>> {
  const found = await statfs(path).catch((error: unknown) => {
    if (path === dirname(path) || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return null;
  });
  if (found === null) return readFolder(dirname(path));
  const { type, bsize, blocks, bavail } = found;
  return known({ path, isTmpfs: type === tmpfsMagic, totalBytes: blocks * bsize, freeBytes: bavail * bsize });
}

const blockBytes = 1 << 20;
const blocks = 8;
const syncs = 4;
/** A card that is so slow is known by then. */
const mostMs = 4000;

/** Writes 8 MB at the most into a file of its own in an existing folder, syncs it a few times, and removes it. */
export async function readDisk(folder: string): Promise<Measured<DiskFacts>> {
  const { bavail, bsize } = await statfs(folder);
  const facts = { path: folder, freeBytes: bavail * bsize };
  if (facts.freeBytes < 4 * blocks * blockBytes) return known({ ...facts, bytesPerSecond: 0, syncMs: 0 });
  const path = join(folder, `.doctor-${randomUUID()}`);
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    const block = Buffer.alloc(blockBytes, 0x5a);
    const startMs = performance.now();
    let written = 0;
    for (; written < blocks && performance.now() - startMs < mostMs; written += 1) await file.write(block);
    await file.sync();
    const bytesPerSecond = (written * blockBytes) / ((performance.now() - startMs) / 1000);
    return known({ ...facts, bytesPerSecond, syncMs: await longestSync(file, startMs) });
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

async function longestSync(file: Awaited<ReturnType<typeof open>>, startMs: number): Promise<number> {
  let longest = 0;
  for (let sync = 0; sync < syncs && performance.now() - startMs < 2 * mostMs; sync += 1) {
    const beganMs = performance.now();
    await file.write(Buffer.alloc(4096, sync));
    await file.datasync();
    longest = Math.max(longest, performance.now() - beganMs);
  }
  return longest;
}
