/**
 * Whether the wall clock can be believed. A Raspberry Pi has no clock that survives a power cut: until it has met a time
 * server, it may be years off, and everything may look old.
 */
import { access } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { silentLog } from "../../lib/log.js";
import { Child } from "../../process/child.js";
import { killLadder } from "../../process/stop-ladder.js";

/** Written by systemd-timesyncd when it has set the clock since the start of the machine. */
const synchronizedFile = "/run/systemd/timesync/synchronized";
const answerMs = 2000;

/**
 * False only where the machine itself says that its clock is not set. Where nothing can be asked (no systemd, as in a
 * container, whose clock is its host's) it is believed.
 */
export async function clockIsTrusted(
  ask: () => Promise<string | null> = askTimedatectl,
  file = synchronizedFile,
): Promise<boolean> {
  const set = await access(file).then(
    () => true,
    () => false,
  );
  return set || (await ask()) !== "no";
}

/** `yes` or `no`, also where chrony or ntpd sets the clock, and `no` for an answer that takes too long; null: not there. */
async function askTimedatectl(): Promise<string | null> {
  const child = new Child({
    ...{ name: "timedatectl", program: "timedatectl", args: ["show", "--property=NTPSynchronized", "--value"] },
    ...{ stdout: "pipe", log: silentLog },
  });
  const timer = setTimeout(() => void child.stop("took too long", killLadder), answerMs);
  const answer = await text(child.stdout);
  const { code, reason } = await child.exited;
  clearTimeout(timer);
  if (reason !== null) return "no";
  return code === 0 ? answer.trim() : null;
}
