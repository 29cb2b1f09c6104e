import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decide,
  initialPlayer,
  type PlayerEffect,
  type PlayerEvent,
  type PlayerState,
} from "../../../../web/src/player/machine.js";

/** A player that is told of events, and whose clock ticks each 250 ms. */
class Bench {
  state: PlayerState = initialPlayer;
  nowMs = 0;
  effects: PlayerEffect[] = [];

  send(event: PlayerEvent): this {
    const decision = decide(this.state, event, this.nowMs);
    this.state = decision.state;
    this.effects.push(...decision.effects);
    return this;
  }

  pass(ms: number, showing = false, newerMedia = true): this {
    for (let t = 0; t < ms; t += 250) {
      this.nowMs += 250;
      if (showing) this.send({ kind: "shown" });
      this.send({ kind: "tick", newerMedia });
    }
    return this;
  }

  taken(): PlayerEffect[] {
    return this.effects.splice(0);
  }
}

const playing = () => {
  const bench = new Bench().send({ kind: "wanted" }).pass(12_000, true);
  bench.taken();
  return bench;
};

describe("player", () => {
  it("opens when there is something to play, and plays on without a word", () => {
    const bench = new Bench().send({ kind: "wanted" }).pass(60_000, true);
    expect(bench.taken()).toEqual(["open"]);
    expect(bench.state.kind).toBe("playing");
  });

  it("answers a picture that stands still by stronger and stronger means", () => {
    const bench = playing().pass(1750);
    expect(bench.taken()).toEqual(["jump", "play"]);
    expect(bench.pass(2500).taken()).toEqual(["close"]);
    expect(bench.pass(500).taken()).toEqual(["open"]);
  });

  it("forgets a stall that ended by itself", () => {
    const bench = playing().pass(1750);
    bench.taken();
    for (let frame = 0; frame < 5; frame++) bench.send({ kind: "shown" });
    expect(bench.state.kind).toBe("playing");
    expect(bench.pass(1250).taken()).toEqual([]);
  });

  it("is not deceived by the one frame that a jump shows", () => {
    const bench = playing().pass(1750).send({ kind: "shown" }).pass(2250);
    expect(bench.taken()).toEqual(["jump", "play", "close"]);
  });

  it("has more patience while the service itself gives nothing newer", () => {
    const bench = playing().pass(11_750, false, false);
    expect(bench.taken()).toEqual(["jump", "play"]);
    expect(bench.pass(500, false, false).taken()).toEqual(["close"]);
  });

  it("re-creates the engine after a fatal error, with pauses that grow, for ever", () => {
    const bench = playing();
    const openedAt: number[] = [];
    for (let failures = 0; failures < 12; failures++) {
      bench.send({ kind: "failed", recovery: "recreate" });
      const failedMs = bench.nowMs;
      while (bench.state.kind === "resting") bench.pass(250);
      openedAt.push(bench.nowMs - failedMs);
    }
    expect(openedAt.slice(0, 5)).toEqual([500, 1000, 2000, 4000, 5000]);
    expect(openedAt.at(-1)).toBe(5000);
  });

  it("starts with short pauses again after a good run", () => {
    const bench = playing();
    bench.send({ kind: "failed", recovery: "recreate" }).pass(500).pass(11_000, true);
    bench.send({ kind: "failed", recovery: "recreate" });
    expect(bench.state).toMatchObject({ kind: "resting", untilMs: bench.nowMs + 500 });
  });

  it("resets the buffers for a first media error, and starts anew for a second one soon after", () => {
    const bench = playing().send({ kind: "failed", recovery: "recoverMedia" });
    expect(bench.taken()).toEqual(["recoverMedia", "play"]);
    bench.pass(2000, true).send({ kind: "failed", recovery: "recoverMedia" });
    expect(bench.taken()).toEqual(["close"]);
  });

  it("gives up a run that never shows anything", () => {
    const bench = new Bench().send({ kind: "wanted" }).pass(10_250);
    expect(bench.taken()).toEqual(["open", "close"]);
  });

  it("tries at once when the machine or the network woke", () => {
    const resting = playing().send({ kind: "failed", recovery: "recreate" });
    resting.taken();
    expect(resting.send({ kind: "woke" }).taken()).toEqual(["open"]);
    const asleep = playing();
    asleep.nowMs += 3_600_000;
    expect(asleep.send({ kind: "woke" }).taken()).toEqual(["close", "open"]);
    expect(asleep.pass(1000).taken()).toEqual([]);
  });

  it("plays on undisturbed after a glance elsewhere", () => {
    const bench = playing();
    bench.nowMs += 8000;
    expect(bench.send({ kind: "woke" }).pass(1000, true).taken()).toEqual([]);
  });

  it("rests while nobody sees the page, and is back at once", () => {
    const bench = playing().send({ kind: "unseen" });
    expect(bench.taken()).toEqual(["close"]);
    expect(bench.pass(3_600_000).taken()).toEqual([]);
    expect(bench.send({ kind: "woke" }).taken()).toEqual(["open"]);
  });

  it("waits for a person where the browser refuses to play, and removes the picture when nothing may be shown", () => {
    const bench = new Bench().send({ kind: "wanted" }).send({ kind: "refused" }).pass(60_000);
    expect(bench.state.kind).toBe("refused");
    bench.taken();
    expect(bench.send({ kind: "pressed" }).taken()).toEqual(["jump", "play"]);
    expect(bench.send({ kind: "unwanted" }).taken()).toEqual(["clear"]);
    expect(bench.pass(60_000).taken()).toEqual([]);
  });

  it("never holds two engines, and is never without one for more than the longest pause", () => {
    const event = fc.oneof(
      fc.constantFrom<PlayerEvent>({ kind: "shown" }, { kind: "woke" }, { kind: "wanted" }, { kind: "unseen" }),
      fc.constantFrom("jump" as const, "recoverMedia" as const, "recreate" as const).map<PlayerEvent>((recovery) => ({
        kind: "failed",
        recovery,
      })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat(3000))), (events) => {
        const bench = new Bench().send({ kind: "wanted" });
        for (const [next, ms] of events) bench.send(next).pass(ms);
        bench.send({ kind: "woke" }).pass(20_000);
        let engines = 0;
        for (const effect of bench.taken()) {
          if (effect === "open") engines++;
          if (effect === "close") engines--;
          expect(engines === 0 || engines === 1).toBe(true);
        }
        const before = bench.nowMs;
        while (bench.state.kind === "resting" && bench.nowMs - before < 6000) bench.pass(250);
        expect(bench.state.kind).not.toBe("resting");
      }),
    );
  });
});
