import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  appendPart,
  beginGeneration,
  openPlaylist,
  partUri,
  type PlaylistState,
} from "../../../server/hls/playlist.js";
import { PlaylistWaiters, type Published } from "../../../server/hls/waiters.js";

class FakeChannel implements Published {
  state: PlaylistState | null = null;
  text: Buffer | null = null;
  readonly files = new Set<string>();

  has(uri: string): boolean {
    return this.files.has(uri);
  }

  /** Publishes one part; at first two whole segments before it, 1 and 2, so that the channel may be played. */
  append(): void {
    const start = { mediaSequence: 1, discontinuitySequence: 0, part: 0, ticks: 0, epochMs: 0 };
    const generation = { generation: 1, camera: 0, label: "", init: "init_0.mp4" };
    let state = this.state ?? beginGeneration(openPlaylist(start, { windowSeconds: 10 }), generation);
    for (let count = this.state ? 1 : 11; count > 0; count--) {
      const step = appendPart(state, { ticks: 18_000, independent: true });
      this.files.add(step.part.uri);
      state = step.state;
    }
    this.state = state;
    this.text = Buffer.from(`playlist up to part ${state.nextPart - 1}`);
  }
}

describe("PlaylistWaiters", () => {
  const channel = new FakeChannel();
  const waiters = new PlaylistWaiters(channel);
  const { signal } = new AbortController();
  const next = () => ({ _HLS_msn: "3", _HLS_part: String(channel.state?.open?.parts.length ?? 0) });

  beforeEach(() => {
    vi.useFakeTimers();
    channel.state = null;
    channel.text = null;
    channel.files.clear();
  });

  afterEach(() => {
    expect(waiters.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test("all are answered from one wake-up with the same bytes", async () => {
    channel.append();
    const answers = Array.from({ length: 200 }, () => waiters.reload(next(), new AbortController().signal));
    expect(waiters.size).toBe(200);
    channel.append();
    waiters.wake();
    expect(waiters.size).toBe(0);
    for (const answer of await Promise.all(answers)) {
      expect(answer.kind === "ready" && answer.text === channel.text).toBe(true);
    }
  });

  test("only those are woken whose part is there", async () => {
    channel.append();
    const [soon, later] = [waiters.reload(next(), signal), waiters.reload({ _HLS_msn: "3", _HLS_part: "2" }, signal)];
    channel.append();
    waiters.wake();
    await expect(soon).resolves.toMatchObject({ kind: "ready" });
    expect(waiters.size).toBe(1);
    channel.append();
    waiters.wake();
    await expect(later).resolves.toMatchObject({ kind: "ready" });
  });

  test("answers that need no waiting", async () => {
    channel.append();
    await expect(waiters.reload({}, signal)).resolves.toEqual({ kind: "ready", text: channel.text });
    await expect(waiters.reload({ _HLS_part: "1" }, signal)).resolves.toMatchObject({ kind: "bad" });
    await expect(waiters.reload(next(), AbortSignal.abort())).resolves.toEqual({ kind: "aborted" });
  });

  test("gives up after three target durations, leaves at once with its client, and when the channel closes", async () => {
    channel.append();
    const late = waiters.reload(next(), signal);
    vi.advanceTimersByTime(2_999);
    expect(waiters.size).toBe(1);
    vi.advanceTimersByTime(1);
    await expect(late).resolves.toEqual({ kind: "unavailable" });

    const gone = new AbortController();
    const aborted = waiters.reload(next(), gone.signal);
    gone.abort();
    expect(waiters.size).toBe(0);
    await expect(aborted).resolves.toEqual({ kind: "aborted" });

    const closed = waiters.reload(next(), signal);
    waiters.close();
    await expect(closed).resolves.toEqual({ kind: "unavailable" });
  });

  test("a channel without a playlist is waited for as well", async () => {
    const answer = waiters.reload({}, signal);
    channel.append();
    waiters.wake();
    await expect(answer).resolves.toEqual({ kind: "ready", text: channel.text });
  });

  test("a hinted part is waited for; one that will never come is not", async () => {
    await expect(waiters.waitForPart(partUri(0), signal)).resolves.toBe("notFound");
    channel.append();
    await expect(waiters.waitForPart(partUri(10), signal)).resolves.toBe("published");
    await expect(waiters.waitForPart(partUri(12), signal)).resolves.toBe("notFound");
    const hinted = waiters.waitForPart(partUri(11), signal);
    channel.append();
    waiters.wake();
    await expect(hinted).resolves.toBe("published");
  });

  test("those who wait for a hint that is withdrawn are told at once", async () => {
    channel.append();
    const hinted = waiters.waitForPart(partUri(11), signal);
    if (channel.state) channel.state = { ...channel.state, nextPart: 12 };
    waiters.wake();
    await expect(hinted).resolves.toBe("notFound");
  });
});
