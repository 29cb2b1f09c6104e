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
 * The service's events over one connection (SSE). Owned by the feed; ends with `signal`. A browser reopens a broken
 * stream by itself, but gives up for good on an answer such as 502, which a proxy sends while the service restarts.
 */
export function openEventStream(url: string, signal: AbortSignal, onMessage: (message: FeedMessage) => void): void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;

  const open = () => {
    let latest: StampedStatus | null = null;
    const publish = (status: Status) => {
      latest = stamp(latest, status, sharedNowMs());
      attempt = 0;
      onMessage({ kind: "status", stamped: latest });
    };
    source = new EventSource(url);
    on(source, "snapshot", (data) => {
      publish(data as Status);
    });
    on(source, "change", (data) => {
      if (latest !== null) publish({ ...latest.status, ...(data as StatusChange) });
    });
    on(source, "receipt", (data) => {
      onMessage({ kind: "receipt", receipt: data as Receipt });
    });
    on(source, "incident", (data) => {
      onMessage({ kind: "incident", incident: data as Incident });
    });
    source.onerror = reopenIfClosed;
  };
  const reopenIfClosed = () => {
    if (source?.readyState !== EventSource.CLOSED || signal.aborted) return;
    timer = setTimeout(open, retryDelayMs(attempt++));
  };

  open();
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    source?.close();
  });
}

function on(source: EventSource, event: string, listener: (data: unknown) => void): void {
  source.addEventListener(event, (message: MessageEvent<string>) => {
    listener(JSON.parse(message.data));
  });
}
