/**
 * Requests that wait for the playlist or a part to appear. Owned by a channel's publisher, which wakes them after every
 * change and closes them. Nothing here outlives its request by more than one turn of the loop.
 */
import type { PlaylistState } from "./playlist.js";
import { decidePart, decideReload, type Query } from "./reload.js";

/** What the waiters look at. */
export interface Published {
  /** Null while the channel has no playlist. */
  readonly state: PlaylistState | null;
  /** The playlist's text, rendered once for all. */
  readonly text: Buffer | null;
  /** Whether a media file is on disk. */
  has(uri: string): boolean;
}

export type ReloadAnswer =
  | { readonly kind: "ready"; readonly text: Buffer }
  /** The request is wrong: 400. */
  | { readonly kind: "bad"; readonly message: string }
  /** There is no playlist yet, or it did not go on in time: 503. */
  | { readonly kind: "unavailable" }
  /** The client has gone. */
  | { readonly kind: "aborted" };

export type PartAnswer = "published" | "notFound" | "unavailable" | "aborted";

/** Three target durations, after which RFC 8216bis has a server give up. */
const patienceMs = 3_000;

interface Waiter {
  /** Answers it if it can be answered now. */
  readonly settle: () => void;
  readonly giveUp: () => void;
}

export class PlaylistWaiters {
  readonly #published: Published;
  readonly #waiters = new Set<Waiter>();

  constructor(published: Published) {
    this.#published = published;
  }

  /** Number of requests waiting now. */
  get size(): number {
    return this.#waiters.size;
  }

  /** Answers a request for the playlist: now, or when what its directives ask for is there. */
  reload(query: Query, signal: AbortSignal): Promise<ReloadAnswer> {
    return this.#wait<ReloadAnswer>(
      () => {
        const { state, text } = this.#published;
        const decision = decideReload(query, state);
        if (decision.kind === "bad") return decision;
        if (decision.kind === "wait") return null;
        return text ? { kind: "ready", text } : { kind: "unavailable" };
      },
      { kind: "unavailable" },
      { kind: "aborted" },
      signal,
    );
  }

  /** Answers a request for a part that was not on disk: `published` means it is now. */
  waitForPart(uri: string, signal: AbortSignal): Promise<PartAnswer> {
    return this.#wait<PartAnswer>(
      () => {
        const decision = decidePart(uri, this.#published.state);
        if (decision === "wait") return null;
        return decision === "there" && this.#published.has(uri) ? "published" : "notFound";
      },
      "unavailable",
      "aborted",
      signal,
    );
  }

  /** Something was published: answers everyone who waited for it. */
  wake(): void {
    for (const waiter of this.#waiters) waiter.settle();
  }

  /** Nothing more will be published: everyone is told that it is unavailable. */
  close(): void {
    for (const waiter of this.#waiters) waiter.giveUp();
  }

  #wait<T>(look: () => T | null, late: T, aborted: T, signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.resolve(aborted);
    const now = look();
    if (now !== null) return Promise.resolve(now);
    return new Promise((resolve) => {
      const answer = (value: T) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        this.#waiters.delete(waiter);
        resolve(value);
      };
      const settle = () => {
        const found = look();
        if (found !== null) answer(found);
      };
      const onAbort = () => {
        answer(aborted);
      };
      const waiter: Waiter = {
        settle,
        giveUp: () => {
          answer(late);
        },
      };
      const timer = setTimeout(waiter.giveUp, patienceMs);
      signal.addEventListener("abort", onAbort);
      this.#waiters.add(waiter);
    });
  }
}
