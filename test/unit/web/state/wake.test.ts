import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LivePlayer } from "../../../../web/src/player/live-player.js";
import type { OpenEngine } from "../../../../web/src/player/engine.js";
import type { Still } from "../../../../web/src/player/still.js";
import { watchWaking } from "../../../../web/src/state/wake.js";

/** What a page knows of its being seen. */
class FakeDocument extends EventTarget {
  hidden = false;
  readonly pictureInPictureElement = null;

  show(visible: boolean): void {
    this.hidden = !visible;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page: FakeDocument;
let browser: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", (page = new FakeDocument()));
  vi.stubGlobal("window", (browser = new EventTarget()));
});

afterEach(() => {
  vi.clearAllTimers();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** No timer runs meanwhile, and the monotonic clock stands. */
function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe("a page that comes back to life", () => {
  it("is told of a sleep by the clock on the wall, of the network as such, and of neither while nobody sees it", () => {
    const woken: boolean[] = [];
    watchWaking((slept) => woken.push(slept));
    vi.advanceTimersByTime(60_000);
    expect(woken).toEqual([]);
    sleep(20_000);
    vi.advanceTimersByTime(1000);
    expect(woken).toEqual([true]);
    browser.dispatchEvent(new Event("online"));
    expect(woken).toEqual([true, false]);
    page.show(false);
    sleep(60_000);
    vi.advanceTimersByTime(1000);
    sleep(60_000);
    page.show(true);
    vi.advanceTimersByTime(5000);
    expect(woken).toEqual([true, false]);
  });
});

describe("the player of a machine that slept", () => {
  let player: LivePlayer;
  let opened: number;
  let closed: number;

  beforeEach(() => {
    [opened, closed] = [0, 0];
    const engine = { delay: () => null, camera: () => null, recoverMedia: () => undefined, close: () => (closed += 1) };
    const openEngine = (() => {
      opened += 1;
      return engine;
    }) as unknown as OpenEngine;
    const video = { currentTime: 0, paused: true, play: () => Promise.resolve() } as unknown as HTMLVideoElement;
    const still = { keep: () => undefined, hide: () => undefined, clear: () => undefined } as unknown as Still;
    player = new LivePlayer({ video, still, openEngine, onView: () => undefined });
    player.play("hls/main/live.m3u8", 0);
    vi.advanceTimersByTime(1000);
    expect([opened, closed]).toEqual([1, 0]);
  });

  afterEach(() => {
    player.close();
  });

  it("begins a new run at once, as its connections are dead; where only the network was away it goes on", () => {
    player.wake();
    expect([opened, closed]).toEqual([1, 0]);
    player.wake(true);
    expect([opened, closed]).toEqual([2, 1]);
  });

  it("knows of a sleep that began when the page was hidden, and lets a short look away pass", () => {
    page.show(false);
    vi.advanceTimersByTime(3000);
    page.show(true);
    expect([opened, closed]).toEqual([1, 0]);
    page.show(false);
    sleep(3_600_000);
    page.show(true);
    expect([opened, closed]).toEqual([2, 1]);
  });
});
