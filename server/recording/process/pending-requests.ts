import { AppError, errorCodes, type ErrorCode } from "../../lib/errors.js";
import type { RecorderAnswer, RecorderCommand } from "../messages.js";

interface Pending {
  readonly command: RecorderCommand;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Requests to the recorder process that are not answered yet. Each ends: answered, late, or rejected with all others. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** As they are to be sent, oldest first. */
  get commands(): readonly RecorderCommand[] {
    return [...this.#pending.values()].map(({ command }) => command);
  }

  /** What is to be sent, and what will come of it. Rejects `recorderAway` when it takes too long. */
  add(kind: string, params: unknown, timeoutMs: number): { command: RecorderCommand; result: Promise<unknown> } {
    const id = ++this.#lastId;
    const command: RecorderCommand = { type: "request", id, kind, params };
    const result = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new AppError("recorderAway", `The recorder did not answer within ${timeoutMs / 1000} s.`));
      }, timeoutMs);
      this.#pending.set(id, { command, resolve, reject, timer });
    });
    return { command, result };
  }

  /** One that nobody waits for any more is passed over. */
  answer(id: number, answer: RecorderAnswer): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (answer.ok) pending.resolve(answer.result);
    else pending.reject(new AppError(isCode(answer.code) ? answer.code : "internal", answer.message));
  }

  /** The process is gone. */
  rejectAll(why: string): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new AppError("recorderAway", why));
    }
    this.#pending.clear();
  }
}

const isCode = (code: string): code is ErrorCode => code in errorCodes;
