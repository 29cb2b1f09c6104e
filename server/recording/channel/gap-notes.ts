import type { FileFacts } from "../files/file-facts.js";
import type { RecordingGap } from "../messages.js";

/** Why the next file does not begin where the last one ended. */
export interface GapReason {
  readonly code: string;
  readonly message: string;
}

export const gapReasons = {
  stopped: { code: "recordingOff", message: "Recording was off." },
  restarted: { code: "recorderRestarted", message: "The recorder was not running." },
  lost: { code: "partsLost", message: "The recorder came too late for some parts." },
  deleted: { code: "fileDeleted", message: "Somebody deleted the file that was being written." },
  noPicture: { code: "noPicture", message: "The channel had no picture." },
} as const satisfies Record<string, GapReason>;

/** Where something ends, on the channel's timeline and on the wall clock. */
export interface End {
  readonly ticks: number;
  readonly epochMs: number;
}

export interface NotedGap {
  readonly gap: RecordingGap;
  readonly fromTicks: number;
  readonly toTicks: number;
}

/** Remembers where the last file of a channel ended, and the first reason why nothing follows it. */
export class GapNotes {
  #lastEnd: End | null = null;
  #why: GapReason | null = gapReasons.restarted;

  get lastEnd(): End | null {
    return this.#lastEnd;
  }

  /** Something may be missing from now on; the first reason stands. Null: nothing is. */
  because(reason: GapReason | null): void {
    this.#why ??= reason;
  }

  /** A part was recorded: nothing is missing up to it. */
  recorded(): void {
    this.#why = null;
  }

  /** Recording was stopped: whatever was missing before is over. */
  stopped(): void {
    this.#why = gapReasons.stopped;
  }

  ended(end: End): void {
    this.#lastEnd = end;
  }

  /** What is missing before a file; null: nothing, or the timeline is another one. */
  before({ channel, camera, startTicks, startedAtMs }: FileFacts): NotedGap | null {
    const last = this.#lastEnd;
    const reason = this.#why ?? gapReasons.noPicture;
    if (last === null || startTicks <= last.ticks) return null;
    const { code, message } = reason;
    const gap = { channel, camera, fromMs: last.epochMs, toMs: startedAtMs, code, message };
    return { gap, fromTicks: last.ticks, toTicks: startTicks };
  }
}
