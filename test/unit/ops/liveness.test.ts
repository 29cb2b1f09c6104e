import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Liveness } from "../../../server/ops/liveness.js";

let liveness: Liveness;
let turns: { monitor: number; stalls: number };
let pulses: number;

beforeEach(() => {
  vi.useFakeTimers();
  turns = { monitor: 0, stalls: 0 };
  pulses = 0;
  liveness = new Liveness({ monitor: () => turns.monitor, stalls: () => turns.stalls });
  liveness.on("pulse", () => pulses++);
});

afterEach(() => {
  liveness.close();
  vi.useRealTimers();
});

test("B3 a pulse needs a turn of every loop since the last pulse", () => {
  vi.advanceTimersByTime(5000);
  expect(pulses).toBe(0);
  turns.monitor += 1;
  vi.advanceTimersByTime(5000);
  expect(pulses).toBe(0);
  turns.stalls += 3;
  vi.advanceTimersByTime(500);
  expect(pulses).toBe(1);
  vi.advanceTimersByTime(5000);
  expect(pulses).toBe(1);
  turns.stalls += 1;
  turns.monitor += 1;
  vi.advanceTimersByTime(500);
  expect(pulses).toBe(2);
});

test("a loop that stands still ends the pulses for good", () => {
  for (let n = 0; n < 20; n++) {
    turns.stalls += 1;
    if (n < 10) turns.monitor += 1;
    vi.advanceTimersByTime(500);
  }
  expect(pulses).toBe(10);
});

test("none after close", () => {
  liveness.close();
  turns = { monitor: 1, stalls: 1 };
  vi.advanceTimersByTime(5000);
  expect(pulses).toBe(0);
});
