import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextCamera, Rotation } from "../../../server/switch/rotation.js";

describe("A6 rotation", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp(usable = [0, 1]) {
    const asked: number[] = [];
    const world = { live: 0 as number | null };
    const clock = { monotonicMs: () => Date.now(), epochMs: () => Date.now() };
    const rotation = new Rotation({
      live: () => world.live,
      usable: () => usable,
      switchTo: (camera) => asked.push(camera),
      clock,
    });
    return { rotation, asked, world };
  }

  it("asks for the next camera when its time is over, counted from when it became live", () => {
    const { rotation, asked, world } = setUp();
    rotation.change({ enabled: true, seconds: 10 });
    vi.advanceTimersByTime(9000);
    expect(rotation.nextInMs).toBe(1000);
    rotation.restart();
    vi.advanceTimersByTime(9999);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(asked).toEqual([1]);
    world.live = 1;
    rotation.restart();
    vi.advanceTimersByTime(10_000);
    expect(asked).toEqual([1, 0]);
  });

  it("rests while nothing is live, with one camera, and when it is off", () => {
    const { rotation, world } = setUp();
    world.live = null;
    rotation.change({ enabled: true, seconds: 5 });
    expect(rotation.nextInMs).toBeNull();
    const single = setUp([0]).rotation;
    single.change({ enabled: true, seconds: 5 });
    expect(single.nextInMs).toBeNull();
    world.live = 0;
    rotation.change({ enabled: false, seconds: 5 });
    expect(rotation.nextInMs).toBeNull();
  });

  it("goes round in the order of numbers", () => {
    expect(nextCamera(0, [0, 1, 2])).toBe(1);
    expect(nextCamera(2, [2, 0, 1])).toBe(0);
    expect(nextCamera(1, [1])).toBeNull();
    expect(nextCamera(null, [0, 1])).toBeNull();
  });
});
