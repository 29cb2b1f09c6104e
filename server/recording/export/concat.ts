import type { Log } from "../../lib/log.js";
import { AppError } from "../../lib/errors.js";
import { Child } from "../../process/child.js";
import { LineCutter } from "../../process/lines.js";
import type { StopLadder } from "../../process/stop-ladder.js";
import { concatArguments, type ConcatTask } from "../../stream/ffmpeg-arguments.js";

export interface ConcatRun extends ConcatTask {
  /** ffmpeg. */
  readonly program: string;
  readonly log: Log;
  /** Called with the media written so far, in seconds. */
  readonly onProgress: (seconds: number) => void;
  readonly signal: AbortSignal;
}

const stopLadder: StopLadder = [{ signal: "SIGTERM", waitMs: 500 }];

/** Puts recordings together; nothing is encoded. Rejects `exportFailed` with the words of ffmpeg; aborted: the reason of the signal. */
export async function concat({ program, log, onProgress, signal, ...task }: ConcatRun): Promise<void> {
  signal.throwIfAborted();
  const child = new Child({ name: "export", program, args: concatArguments(task), stdout: "pipe", log });
  const stop = () => void child.stop("cancelled", stopLadder);
  signal.addEventListener("abort", stop);
  const lines = new LineCutter();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    for (const line of lines.push(text)) {
      const micros = /^out_time_us=(\d+)$/.exec(line)?.[1];
      if (micros !== undefined) onProgress(Number(micros) / 1e6);
    }
  });
  const { code, error } = await child.exited;
  signal.removeEventListener("abort", stop);
  signal.throwIfAborted();
  if (error !== undefined) throw error;
  if (code !== 0) throw new AppError("exportFailed", `ffmpeg says: ${child.recentLines.at(-1) ?? "nothing"}`);
}
