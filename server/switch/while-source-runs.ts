import type { Source, SourceExit } from "../camera/source.js";
import { AppError, toAppError } from "../lib/errors.js";
import { whyEnded } from "./source-runner.js";

export interface SourceWait {
  readonly source: Source;
  readonly limitMs: number;
  /** What is thrown when the time is over, with what the work then threw as its cause. */
  readonly late: (cause: unknown) => AppError;
  readonly signal: AbortSignal;
}

/**
 * Does something that makes sense only while the source runs. Rejects with why the source ended, with the signal's reason,
 * with `late`, or with what the work threw. The work's own signal is aborted with the given one and when the time is over.
 */
export async function whileSourceRuns<Value>(
  { source, limitMs, late, signal }: SourceWait,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  // Not AbortSignal.timeout: nothing would hold it, and Node 20 may collect it before its time.
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, limitMs);
  // A listener, which goes with the wait: what waits for a promise of the source stays as long as the source runs.
  let onEnded!: (exit: SourceExit) => void;
  const ended = new Promise<never>((_, reject) => {
    onEnded = (exit) => {
      const { code, message } = whyEnded(exit);
      reject(new AppError(code, message));
    };
  });
  source.once("ended", onEnded);
  try {
    if (source.isGone) throw new AppError("cameraExited", "The camera ended.");
    return await Promise.race([ended, work(AbortSignal.any([signal, limit.signal]))]);
  } catch (thrown) {
    if (signal.aborted) throw toAppError(signal.reason);
    throw limit.signal.aborted ? late(thrown) : thrown;
  } finally {
    source.off("ended", onEnded);
    clearTimeout(timer);
  }
}
