import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { Child, type ChildExit } from "../process/child.js";
import { killWaitMs } from "../process/stop-ladder.js";
import { CameraIdentity, type AskedCamera } from "./camera-identity.js";
import type { CameraCommand } from "./driver.js";
import { classifyEnd, classifyLine } from "./stderr-classifier.js";

export interface ReadOutputOptions {
  readonly name: string;
  readonly command: Omit<CameraCommand, "rpicamNumber">;
  /** The camera that it is to open, if any. */
  readonly asked?: AskedCamera;
  /** The program is ended after so long. */
  readonly timeoutMs: number;
  readonly records?: ChildRecords;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

/** A camera program that does not end by itself is given a moment to let go of the camera. */
const ladder = [
  { signal: "SIGINT", waitMs: 500 },
  { signal: "SIGKILL", waitMs: killWaitMs },
] as const;

/**
 * Runs a camera program that ends by itself, and gives what it wrote on standard output. Returns only when the program
 * is gone. Rejects `programMissing`, `cameraBusy`, `cameraGone`, `wrongCamera` or `cameraExited`; when aborted, with the
 * reason.
 */
export async function readOutput(options: ReadOutputOptions): Promise<Buffer> {
  const { name, command, asked, timeoutMs, records, log, signal } = options;
  signal?.throwIfAborted();
  const child = new Child({ name, ...command, stdout: "pipe", log, ...(records && { records }) });
  const identity = asked && new CameraIdentity(asked);
  child.on("line", (line) => identity?.hear(classifyLine(line)));
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const onAbort = (): void => void child.stop("aborted", ladder);
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = new AbortController();
  void wait(timeoutMs, undefined, { signal: timer.signal }).then(
    () => child.stop("timeout", ladder),
    () => undefined,
  );
  const exit = await child.exited;
  timer.abort();
  signal?.removeEventListener("abort", onAbort);
  signal?.throwIfAborted();
  const refusal = identity?.refusal({ allFound: true }) ?? null;
  if (refusal !== null) throw refusal;
  throwUnlessClean(name, exit, child.recentLines, timeoutMs);
  return Buffer.concat(chunks);
}

function throwUnlessClean(name: string, exit: ChildExit, lines: readonly string[], timeoutMs: number): void {
  if (exit.error !== undefined) throw exit.error;
  if (exit.reason !== null) throw new AppError("cameraExited", `${name} did not end within ${timeoutMs} ms.`);
  if (exit.code !== 0) throw classifyEnd(lines.map(classifyLine), exit);
}
