import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decideInstant,
  initialInstant,
  type InstantEffect,
  type InstantEvent,
  type InstantState,
} from "../../../../web/src/instant/machine.js";

const refusal = { code: "viewersFull", message: "", holders: [{ address: "10.0.0.7", sinceMs: 5 }] };

/** An instant view that is told of events, and whose clock ticks each 250 ms. */
class Bench {
  state: InstantState = initialInstant;
  nowMs = 0;
  effects: InstantEffect[] = [];

  send(...events: InstantEvent[]): this {
    for (const event of events) {
      const decision = decideInstant(this.state, event, this.nowMs);
      this.state = decision.state;
      this.effects.push(...decision.effects);
    }
    return this;
  }

  pass(ms: number, drawing = false): this {
    for (let t = 0; t < ms; t += 250) {
      this.nowMs += 250;
      if (drawing) this.send({ kind: "drawn" });
      this.send({ kind: "tick" });
    }
    return this;
  }

  taken(): InstantEffect[] {
    return this.effects.splice(0);
  }
}

const playing = () => {
  const bench = new Bench().send({ kind: "wanted" }).pass(12_000, true);
  expect(bench.taken()).toEqual(["open"]);
  return bench;
};

describe("instant view", () => {
  it("C2: asks nothing while frames come, and each 2 s while none comes", () => {
    expect(playing().pass(60_000, true).taken()).toEqual([]);
    expect(playing().pass(1750).taken()).toEqual([]);
    expect(playing().pass(6250).taken()).toEqual(["ask", "ask", "ask"]);
  });

  it("keeps a connection as long as the service itself has no frame", () => {
    const bench = playing();
    for (let turn = 0; turn < 10; turn++) bench.pass(2000).send({ kind: "asked", answer: "none" });
    expect(bench.taken().every((effect) => effect === "ask")).toBe(true);
    expect(bench.pass(250, true).state.kind).toBe("playing");
  });

  it("leaves a connection that brings nothing although there are fresh frames, or that has no other end", () => {
    const dead = playing().pass(2000).send({ kind: "asked", answer: "fresh" });
    expect(dead.taken()).toEqual(["ask"]);
    dead.pass(2000).send({ kind: "asked", answer: "fresh" }).pass(500);
    expect(dead.taken()).toEqual(["ask", "close", "open"]);
    const alone = playing().pass(2000).send({ kind: "asked", answer: "unreachable" });
    expect(alone.taken()).toEqual(["ask", "close"]);
  });

  it("an answer that comes after the next frame changes nothing", () => {
    const bench = playing().pass(2000).send({ kind: "drawn" }, { kind: "asked", answer: "unreachable" });
    expect(bench.taken()).toEqual(["ask"]);
    expect(bench.state.kind).toBe("playing");
  });

  it("tries again and again, with pauses that grow to 5 s", () => {
    const bench = new Bench().send({ kind: "wanted" });
    const pauses: number[] = [];
    for (let turn = 0; turn < 7; turn++) {
      bench.send({ kind: "ended" });
      const fromMs = bench.nowMs;
      bench.taken();
      while (!bench.taken().includes("open")) bench.pass(250);
      pauses.push(bench.nowMs - fromMs);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  it("tells who has the places, then asks for the other view, once", () => {
    const bench = new Bench().send({ kind: "wanted" }, { kind: "refused", refusal });
    expect(bench.state).toMatchObject({ kind: "turnedAway", refusal });
    expect(bench.pass(11_750).taken()).toEqual(["open", "close"]);
    expect(bench.pass(60_000).taken()).toEqual(["fallBack"]);
    expect(bench.send({ kind: "unwanted" }).taken()).toEqual(["clear"]);
  });

  it("holds no connection on a page that nobody sees, and has one again when it is seen", () => {
    const bench = playing().send({ kind: "hidden" });
    expect(bench.taken()).toEqual(["close"]);
    expect(bench.pass(600_000).taken()).toEqual([]);
    expect(bench.send({ kind: "woke" }).taken()).toEqual(["open"]);
  });

  it("removes the picture when it is not wanted any more", () => {
    expect(playing().send({ kind: "unwanted" }).taken()).toEqual(["clear"]);
    expect(new Bench().send({ kind: "unwanted" }).taken()).toEqual([]);
  });

  it("never opens a second connection beside one that is open", () => {
    const event = fc.oneof(
      fc.constantFrom<InstantEvent[]>(
        ...(["wanted", "unwanted", "drawn", "ended", "hidden", "woke", "tick"] as const).map((kind) => [{ kind }]),
        [{ kind: "refused", refusal }],
      ),
      fc
        .constantFrom("fresh" as const, "none" as const, "unreachable" as const)
        .map((answer): InstantEvent[] => [{ kind: "asked", answer }]),
    );
    const story = fc.array(fc.tuple(event, fc.nat(5000)), { maxLength: 60 });
    fc.assert(
      fc.property(story, (steps) => {
        const bench = new Bench();
        let open = 0;
        for (const [events, ms] of steps) {
          bench.nowMs += ms;
          for (const effect of bench.send(...events).taken()) {
            if (effect === "open") open += 1;
            else if (effect === "close" || effect === "clear") open = 0;
            expect(open).toBeLessThanOrEqual(1);
          }
          const isOpen = bench.state.kind === "starting" || bench.state.kind === "playing";
          expect(open).toBe(isOpen ? 1 : 0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
