/**
 * The page's knowledge of the service. One page of a browser (the leader, always a visible one) holds the event stream
 * and hands it to the others; each page checks every 2 s that it hears something and asks by itself if not. A hidden
 * page holds no connection. Owned by `main.tsx`, lives as long as the page.
 */
import type { Status } from "../../../server/http/wire.js";
import { getStatus } from "../state/api.js";
import { openEventStream, type FeedMessage } from "./event-stream.js";
import { leadUntil } from "./lead.js";
import { sharedNowMs, stamp } from "./stamp.js";
import { check, checkMs, reachAfter, unknownReach, type Reach, type ReachEvent } from "./reach.js";

export interface FeedListener {
  onMessage(message: FeedMessage): void;
  /** Checks in a row without an answer; 0 again once the service was heard. */
  onMisses(misses: number): void;
}

export class Feed {
  readonly #listener: FeedListener;
  readonly #base: string;
  #reach: Reach = unknownReach;
  #visit: AbortController | null = null;
  #isPaused = false;

  /** `base` is the address of the page's folder; pages of other services on the same host have another. */
  constructor(base: string, listener: FeedListener) {
    this.#base = base;
    this.#listener = listener;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#leave();
      else this.#enter();
    });
    if (!document.hidden) this.#enter();
  }

  /** Asks now and opens the stream anew: after a sleep, or when the network came back. */
  refresh(): void {
    this.#leave();
    if (!document.hidden) this.#enter();
  }

  /** Asks nothing, and holds no connection, until `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#leave();
  }

  resume(): void {
    this.#isPaused = false;
    if (!document.hidden) this.#enter();
  }

  #enter(): void {
    if (this.#visit !== null || this.#isPaused) return;
    const visit = new AbortController();
    this.#visit = visit;
    this.#note("restarted");
    const relay = new BroadcastChannel(`smart-toggle ${this.#base}`);
    relay.onmessage = (event: MessageEvent<FeedMessage>) => {
      this.#hear(event.data);
    };
    void leadUntil(visit.signal, `smart-toggle ${this.#base}`, () => {
      openEventStream(new URL("api/events", this.#base).href, visit.signal, (message) => {
        relay.postMessage(message);
        this.#hear(message);
      });
    });
    void this.#ask(visit.signal);
    const timer = setInterval(() => {
      this.#check(visit.signal);
    }, checkMs);
    visit.signal.addEventListener("abort", () => {
      clearInterval(timer);
      relay.close();
    });
  }

  #leave(): void {
    this.#visit?.abort();
    this.#visit = null;
  }

  #check(signal: AbortSignal): void {
    const { reach, ask } = check(this.#reach);
    this.#reach = reach;
    if (ask) void this.#ask(signal);
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const status = await answerWithin(checkMs);
    if (signal.aborted || this.#reach.heard) return;
    if (status === null) this.#note("unanswered");
    else this.#hear({ kind: "status", stamped: stamp(null, status, sharedNowMs()) });
  }

  #hear(message: FeedMessage): void {
    this.#note("heard");
    this.#listener.onMessage(message);
  }

  #note(event: ReachEvent): void {
    this.#reach = reachAfter(this.#reach, event);
    this.#listener.onMisses(this.#reach.misses);
  }
}

async function answerWithin(timeoutMs: number): Promise<Status | null> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, timeoutMs);
  try {
    return await getStatus(limit.signal);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
