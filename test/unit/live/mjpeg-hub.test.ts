import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Frame } from "../../../server/camera/frame.js";
import { AppError } from "../../../server/lib/errors.js";
import { silentLog } from "../../../server/lib/log.js";
import { MjpegHub, type WantedCamera } from "../../../server/live/mjpeg-hub.js";
import { ViewersFull } from "../../../server/live/viewers-full.js";
import { FakeFeed } from "../../support/fake-feed.js";
import { FakeSink } from "../../support/fake-sink.js";

/** Just so much of a JPEG as states its size. */
function picture(width: number, height: number): Buffer {
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 0, 0, 0, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff]);
  jpeg.writeUInt16BE(height, 7);
  jpeg.writeUInt16BE(width, 9);
  return jpeg;
}

describe("MjpegHub", () => {
  let feed: FakeFeed;
  let hub: MjpegHub;
  let number: number;

  const clock = { monotonicMs: () => Date.now(), epochMs: () => Date.now() };
  const frame = (camera = 0, [width, height]: readonly [number, number] = [640, 480]): Frame => ({
    jpeg: picture(width, height),
    camera,
    number: ++number,
    arrivedMs: Date.now(),
  });
  const join = (wanted: WantedCamera = "active", address = "10.0.0.1"): FakeSink => {
    const sink = new FakeSink();
    hub.join({ wanted, address, sink });
    return sink;
  };
  const given = (sink: FakeSink): number[] => {
    sink.drain();
    return sink.frameNumbers();
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    number = 0;
    feed = new FakeFeed();
    hub = new MjpegHub({ feed, maxClients: 2, clock, log: silentLog });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("gives the newest frame at once while it is fresh, and no old one", () => {
    feed.give(frame());
    expect(given(join())).toEqual([1]);
    vi.advanceTimersByTime(3000);
    expect(given(join())).toEqual([]);
  });

  it("costs nothing while nobody watches", () => {
    expect(feed.listenerCount("frame")).toBe(0);
    const sink = join();
    expect(feed.listenerCount("frame")).toBe(1);
    sink.emit("close");
    expect(feed.listenerCount("frame")).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(hub.sessions).toEqual([]);
  });

  it("ends the stream of one camera with the first frame of another, which `active` gets", () => {
    feed.give(frame(0));
    const [numbered, active] = [join(0), join()];
    feed.give(frame(1));
    expect(given(numbered)).toEqual([1]);
    expect(numbered.ended).toBe(true);
    expect(given(active)).toEqual([1, 2]);
    expect(active.ended).toBe(false);
  });

  it("ends the stream of a camera that gives nothing for three seconds; `active` waits for the next picture", () => {
    feed.give(frame(0));
    const [numbered, active] = [join(0), join()];
    vi.advanceTimersByTime(2500);
    expect(numbered.ended).toBe(false);
    vi.advanceTimersByTime(1000);
    expect([numbered.ended, active.ended]).toEqual([true, false]);
  });

  it("refuses one viewer too many of one size, with those who are there (D5)", () => {
    const [small, large] = [frame(), frame(0, [1280, 720])];
    feed.give(small);
    for (const address of ["10.0.0.1", "10.0.0.2"]) {
      hub.checkPlace(small);
      join("active", address);
    }
    vi.advanceTimersByTime(1000);
    const refusal = catchRefusal(small);
    expect(refusal).toMatchObject({ code: "viewersFull" });
    expect(refusal.holders).toEqual([
      { address: "10.0.0.1", sinceMs: 1000 },
      { address: "10.0.0.2", sinceMs: 1000 },
    ]);
    hub.checkPlace(large);
    // They follow the picture into its new size.
    feed.give(large);
    hub.checkPlace(small);
    expect(() => {
      hub.checkPlace(large);
    }).toThrow(AppError);
  });

  it("lets go of a viewer that takes nothing for twenty seconds, and of no other", () => {
    feed.give(frame());
    const [stuck, well] = [join(), join()];
    for (let second = 0; second < 21; second++) {
      vi.advanceTimersByTime(1000);
      feed.give(frame());
      well.drain();
    }
    expect([stuck.destroyed, well.destroyed]).toEqual([true, false]);
    expect(hub.sessions).toHaveLength(1);
    expect(hub.sessions[0]).toMatchObject({ camera: "active", address: "10.0.0.1", dropped: 0 });
  });

  it("ends the stream it is told to, and frees its place at once", () => {
    feed.give(frame());
    const sink = join();
    const [session] = hub.sessions;
    expect(hub.endOne(session?.id ?? 0)).toBe(true);
    expect(sink.ended).toBe(true);
    expect(hub.sessions).toEqual([]);
    expect(hub.endOne(session?.id ?? 0)).toBe(false);
  });

  function catchRefusal(newest: Frame): ViewersFull {
    try {
      hub.checkPlace(newest);
    } catch (error) {
      if (error instanceof ViewersFull) return error;
    }
    throw new Error("It was not refused.");
  }
});
