import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeEnd, type ControllerEnd } from "../../../server/ops/supervision.js";
import { pausesMs, tooSilentMs, whatNext, type RunSoFar } from "../../../server/ops/supervisor-policy.js";

const oom: ControllerEnd = { kind: "killed", signal: "SIGKILL" };
const failed = (code: number): ControllerEnd => ({ kind: "exited", code });
const run: RunSoFar = { end: oom, livedMs: 5000, everStarted: true, failures: 0 };
const next = (changes: Partial<RunSoFar>) => whatNext({ ...run, ...changes });

describe("after an end that nobody asked the supervisor for", () => {
  it.each<[string, Partial<RunSoFar>, number]>([
    ["a wrong configuration, at the first start or later", { end: failed(2) }, 2],
    ["a wrong configuration at the first start", { end: failed(2), everStarted: false }, 2],
    ["a taken port at the first start", { end: failed(1), everStarted: false }, 1],
    ["a controller that somebody stopped by its number", { end: failed(0) }, 0],
  ])("%s ends the supervisor with the same code", (_, changes, code) => {
    expect(next(changes)).toEqual({ kind: "end", code });
  });

  it.each<[string, Partial<RunSoFar>]>([
    ["a kill", {}],
    ["a kill before the page was served", { everStarted: false }],
    ["an error that nobody caught", { end: failed(1) }],
    ["a blocked event loop", { end: { kind: "unresponsive", silentMs: 10_200 } }],
  ])("%s is followed by a new start", (_, changes) => {
    expect(next(changes)).toEqual({ kind: "restart", pauseMs: 200, failures: 1 });
  });

  it("the pauses grow, never end, and begin anew after a controller that lived long", () => {
    const pauses: number[] = [];
    for (let failures = 0; pauses.length < 8; failures++) {
      const step = next({ failures });
      if (step.kind === "restart") pauses.push(step.pauseMs);
    }
    expect(pauses).toEqual([...pausesMs, 5000, 5000, 5000]);
    expect(next({ failures: 100, livedMs: 31_000 })).toEqual({ kind: "restart", pauseMs: 200, failures: 1 });
  });

  it("B3 a crash never ends it, whatever came before", () => {
    const crash = fc.oneof(
      fc.constantFrom("SIGKILL", "SIGSEGV", "SIGABRT").map((signal) => ({ kind: "killed", signal }) as const),
      fc.nat().map((silentMs) => ({ kind: "unresponsive", silentMs }) as const),
    );
    fc.assert(
      fc.property(crash, fc.nat(), fc.boolean(), fc.nat(1e6), (end, livedMs, everStarted, failures) => {
        expect(whatNext({ end, livedMs, everStarted, failures }).kind).toBe("restart");
      }),
    );
  });
});

describe("silence", () => {
  const silent = (forMs: number, hasPulse: boolean) => tooSilentMs({ nowMs: 1000 + forMs, sinceMs: 1000, hasPulse });

  it("is too long after ten seconds; before the first pulse, after a minute", () => {
    expect(silent(10_000, true)).toBeNull();
    expect(silent(10_001, true)).toBe(10_001);
    expect(silent(60_000, false)).toBeNull();
    expect(silent(60_001, false)).toBe(60_001);
  });
});

it("every end has words", () => {
  expect(describeEnd(oom)).toBe("the controller was killed by SIGKILL (out of memory?)");
  expect(describeEnd({ kind: "killed", signal: "SIGSEGV" })).toBe("the controller was killed by SIGSEGV");
  expect(describeEnd(failed(7))).toBe("the controller ended by itself with exit code 7");
  expect(describeEnd({ kind: "unresponsive", silentMs: 10_400 })).toBe(
    "the controller did not respond for 10 s and was killed",
  );
});
