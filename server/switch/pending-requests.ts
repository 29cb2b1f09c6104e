import { AppError } from "../lib/errors.js";
import type { Receipt, SwitchRequest, Target } from "./switch-types.js";

/** A request waited behind a switch that itself brought, or left, the wanted camera live. */
export interface AlreadyLive {
  readonly outcome: "alreadyLive";
  readonly live: Target;
}

export type RequestAnswer =
  | { readonly alreadyLive: true; readonly live: Target }
  | { readonly alreadyLive: false; readonly id: number | null; readonly receipt: Promise<Receipt | AlreadyLive> };

interface Pending {
  alreadyLive: AlreadyLive | null;
  id: number | null;
  readonly promise: Promise<Receipt | AlreadyLive>;
  readonly resolve: (end: Receipt | AlreadyLive) => void;
  readonly reject: (error: AppError) => void;
}

/** Those who asked for a switch and have no answer yet, by the key of their request. Each is answered once. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  #nextKey = 1;

  /** Takes in a new request; `answer` may be asked for as soon as the machine has seen it. */
  add(): { readonly key: number; answer: () => RequestAnswer } {
    const key = this.#nextKey++;
    const pending = newPending();
    this.#pending.set(key, pending);
    const answer = (): RequestAnswer =>
      pending.alreadyLive === null
        ? { alreadyLive: false, id: pending.id, receipt: pending.promise }
        : { alreadyLive: true, live: pending.alreadyLive.live };
    return { key, answer };
  }

  /** Its switch began and has this receipt. */
  begun(request: SwitchRequest, id: number): void {
    const pending = this.#pending.get(request.key);
    if (pending !== undefined) pending.id = id;
  }

  complete(request: SwitchRequest, receipt: Receipt): void {
    this.#take(request.key)?.resolve(receipt);
  }

  answerAlreadyLive(request: SwitchRequest, live: Target): void {
    const pending = this.#take(request.key);
    if (pending === undefined) return;
    pending.alreadyLive = { outcome: "alreadyLive", live };
    pending.resolve(pending.alreadyLive);
  }

  supersede(request: SwitchRequest): void {
    const message = "A newer request came while this one waited behind a running switch.";
    this.#take(request.key)?.reject(new AppError("superseded", message));
  }

  /** Refuses all that are left. */
  close(error: AppError): void {
    for (const key of [...this.#pending.keys()]) this.#take(key)?.reject(error);
  }

  #take(key: number): Pending | undefined {
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    return pending;
  }
}

function newPending(): Pending {
  let resolve!: Pending["resolve"];
  let reject!: Pending["reject"];
  const promise = new Promise<Receipt | AlreadyLive>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  // Whoever asked may not listen (202): a refusal must not become an unhandled rejection.
  promise.catch(() => undefined);
  return { alreadyLive: null, id: null, promise, resolve, reject };
}
