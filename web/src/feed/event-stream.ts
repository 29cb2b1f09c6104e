import type { Receipt, Status, StatusChange } from "../../../server/http/wire.js";
import type { Incident } from "../../../server/http/wire-protection.js";
import { retryDelayMs } from "../state/retry-delay.js";
import { sharedNowMs, stamp, type StampedStatus } from "./stamp.js";

/** What the page learns of the service, whatever way it comes. */
export type FeedMessage =
  | { readonly kind: "status"; readonly stamped: StampedStatus }
  | { readonly kind: "receipt"; readonly receipt: Receipt }
  | { readonly kind: "incident"; readonly incident: Incident };

/**
 * The service says something each second. A connection that brings nothing for so long is dead, as after a network that was away:
 * no browser notices by itself, because it has nothing to send.
 */
const silentMs = 10_000;

/** The service's events over one connection (SSE). Owned by the feed; ends with `signal`. */
export function openEventStream(url: string, signal: AbortSignal, onMessage: (message: FeedMessage) => void): void {
  const stream = new EventStream(url, onMessage);
  signal.addEventListener("abort", () => {
    stream.close();
  });
}

/**
 * One connection after the other. A browser reopens a broken one by itself, but gives up for good on an answer such as 502,
 * which a proxy sends while the service restarts.
 */
class EventStream {
  readonly #url: string;
  readonly #onMessage: (message: FeedMessage) => void;
  #source: EventSource | undefined;
  #latest: StampedStatus | null = null;
  #attempt = 0;
  /** Until the next connection is opened, or the present one is given up. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, onMessage: (message: FeedMessage) => void) {
    this.#url = url;
    this.#onMessage = onMessage;
    this.#open();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #open(): void {
    const source = new EventSource(this.#url);
    this.#source = source;
    this.#latest = null;
    this.#on(source, "snapshot", (data) => {
      this.#publish(data as Status);
    });
    this.#on(source, "change", (data) => {
      if (this.#latest !== null) this.#publish({ ...this.#latest.status, ...(data as StatusChange) });
    });
    this.#on(source, "receipt", (data) => {
      this.#onMessage({ kind: "receipt", receipt: data as Receipt });
    });
    this.#on(source, "incident", (data) => {
      this.#onMessage({ kind: "incident", incident: data as Incident });
    });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) this.#reopen();
    };
    this.#awaitNews();
  }

  #on(source: EventSource, event: string, listener: (data: unknown) => void): void {
    source.addEventListener(event, (message: MessageEvent<string>) => {
      this.#awaitNews();
      listener(JSON.parse(message.data));
    });
  }

  #publish(status: Status): void {
    this.#latest = stamp(this.#latest, status, sharedNowMs());
    this.#attempt = 0;
    this.#onMessage({ kind: "status", stamped: this.#latest });
  }

  #awaitNews(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#reopen();
    }, silentMs);
  }

  #reopen(): void {
    this.close();
    this.#timer = setTimeout(() => {
      this.#open();
    }, retryDelayMs(this.#attempt++));
  }
}
