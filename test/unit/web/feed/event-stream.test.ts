import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openEventStream, type FeedMessage } from "../../../../web/src/feed/event-stream.js";
import { status } from "../support.js";

type Listener = (message: { data: string }) => void;

/** A connection whose other end the test is. */
class FakeSource {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 0;
  onerror: (() => void) | null = null;
  readonly #listeners = new Map<string, Listener>();

  constructor() {
    FakeSource.opened.push(this);
  }

  addEventListener(event: string, listener: Listener): void {
    this.#listeners.set(event, listener);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }

  say(event: string, data: unknown): void {
    this.#listeners.get(event)?.({ data: JSON.stringify(data) });
  }

  refuse(): void {
    this.close();
    this.onerror?.();
  }
}

describe("the event stream of the page", () => {
  let end: AbortController;
  let heard: FeedMessage[];

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("EventSource", FakeSource);
    FakeSource.opened = [];
    end = new AbortController();
    heard = [];
    openEventStream("/api/events", end.signal, (message) => heard.push(message));
  });

  afterEach(() => {
    end.abort();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const newest = (): FakeSource => FakeSource.opened.at(-1) as FakeSource;

  it("is opened anew when it brings nothing for ten seconds: its connection is dead", () => {
    newest().say("snapshot", status());
    for (let second = 0; second < 30; second++) {
      vi.advanceTimersByTime(1000);
      newest().say("change", { now: second });
    }
    expect(FakeSource.opened).toHaveLength(1);
    expect(heard).toHaveLength(31);
    const [first] = FakeSource.opened;
    vi.advanceTimersByTime(10_499);
    expect(FakeSource.opened).toHaveLength(1);
    expect(first?.readyState).toBe(FakeSource.CLOSED);
    vi.advanceTimersByTime(1);
    expect(FakeSource.opened).toHaveLength(2);
    // A change says nothing before the snapshot that it is of.
    newest().say("change", { now: 31 });
    expect(heard).toHaveLength(31);
    newest().say("snapshot", status());
    expect(heard).toHaveLength(32);
  });

  it("is opened anew with growing pauses where the service refuses it, and not at all when it has ended", () => {
    for (const pauseMs of [500, 1000, 2000, 4000, 5000, 5000]) {
      const before = FakeSource.opened.length;
      newest().refuse();
      vi.advanceTimersByTime(pauseMs - 1);
      expect(FakeSource.opened).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(FakeSource.opened).toHaveLength(before + 1);
    }
    const { length } = FakeSource.opened;
    end.abort();
    expect(newest().readyState).toBe(FakeSource.CLOSED);
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.opened).toHaveLength(length);
  });
});
