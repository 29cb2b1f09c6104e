import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  reduce,
  targetOf,
  type SwitchEffect,
  type SwitchEvent,
  type SwitchState,
} from "../../../server/switch/machine.js";
import type { Reason, SwitchRequest, Target } from "../../../server/switch/switch-types.js";

const broken: Reason = { code: "cameraExited", message: "it ended" };
let key = 0;
const request = (to: Target, reload = false): SwitchRequest => ({ key: ++key, trigger: "user", to, reload });
const live = (camera: number): SwitchState => ({ kind: "idle", live: camera, sinceMs: 0, attempts: 0 });

/** Drives the machine and keeps what it asked for. */
class Drive {
  state: SwitchState;
  nowMs = 0;
  readonly effects: SwitchEffect[] = [];

  constructor(state: SwitchState) {
    this.state = state;
  }

  send(event: SwitchEvent): this {
    const { state, effects } = reduce(this.state, event, this.nowMs);
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  request(to: Target, reload = false): SwitchRequest {
    const asked = request(to, reload);
    this.send({ kind: "requested", request: asked });
    return asked;
  }

  /** Completes steps until this one runs. */
  upTo(step: string): this {
    for (let n = 0; n < 30 && this.running !== step; n++) this.send({ kind: "stepDone" });
    return this;
  }

  fail(): this {
    return this.send({ kind: "stepFailed", reason: broken });
  }

  finish(): this {
    for (let n = 0; n < 30 && this.running !== null; n++) this.send({ kind: "stepDone" });
    return this;
  }

  get running(): string | null {
    const run = this.state.kind === "switching" || this.state.kind === "recovering" ? this.state.run : null;
    return run?.step ?? null;
  }

  get steps(): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === "runStep"
        ? [`${effect.run.direction === "back" ? "←" : ""}${effect.run.step} ${effect.camera}`]
        : [],
    );
  }

  get ends(): (string | null)[] {
    return this.effects.flatMap((effect) => (effect.kind === "complete" ? [`${effect.outcome} ${effect.live}`] : []));
  }
}

describe("A2 the order of a switch", () => {
  it("goes through every step and commits", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.finish();
    expect(drive.steps).toEqual(["prepare 1", "stop 1", "drain 1", "start 1", "handOver 1", "verify 1", "commit 1"]);
    expect(drive.ends).toEqual(["committed 1"]);
    expect(drive.state).toMatchObject({ kind: "idle", live: 1 });
    expect(drive.effects.at(-1)).toEqual({ kind: "watch", camera: 1 });
  });

  it("turns the cameras off without a way back", () => {
    const drive = new Drive(live(1));
    drive.request(null);
    drive.fail().finish();
    expect(drive.steps).toEqual(["stop null", "drain null", "handOver null", "commit null"]);
    expect(drive.state).toEqual({ kind: "off" });
  });

  it("answers a request for the live camera at once", () => {
    const drive = new Drive(live(1));
    const asked = drive.request(1);
    expect(drive.effects).toEqual([{ kind: "answerAlreadyLive", request: asked, live: 1 }]);
  });

  it("starts the live camera anew when its profile changes", () => {
    const drive = new Drive(live(1));
    drive.request(1, true);
    drive.finish();
    expect(drive.ends).toEqual(["committed 1"]);
  });
});

describe("A4 rollback", () => {
  it.each(["start", "handOver", "verify"])("returns to the former camera when %s fails", (step) => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.upTo(step).fail();
    expect(drive.steps.at(-1)).toBe("←prepare 0");
    drive.finish();
    expect(drive.ends).toEqual(["rolledBack 0"]);
    expect(drive.state).toMatchObject({ kind: "idle", live: 0 });
  });

  it("touches nothing when only the encoder could not be prepared", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.fail().finish();
    expect(drive.steps).toEqual(["prepare 1", "←commit 0"]);
  });

  it.each(["stop", "drain"])("goes forward when the former camera fails to %s", (step) => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.upTo(step).fail().finish();
    expect(drive.ends).toEqual(["committed 1"]);
  });

  it("has no way back to a camera that would not stop", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.upTo("stop").fail().upTo("start").fail();
    expect(drive.ends).toEqual(["failed null"]);
    expect(drive.state.kind).toBe("recovering");
  });

  it("fails when the way back fails too, and tries on for ever", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.upTo("start").fail().upTo("start").fail();
    expect(drive.ends).toEqual(["failed null"]);
    const waits: number[] = [];
    const tried: Target[] = [];
    for (let n = 0; n < 8; n++) {
      const scheduled = drive.effects.at(-1);
      if (scheduled?.kind === "scheduleRetry") waits.push(scheduled.ms);
      drive.send({ kind: "retryDue", usable: [0, 1] });
      if (drive.state.kind === "recovering" && drive.state.run !== null) tried.push(targetOf(drive.state.run));
      drive.upTo("start").fail();
    }
    expect(waits).toEqual([1000, 2000, 5000, 10_000, 30_000, 30_000, 30_000, 30_000]);
    expect(tried).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it("rolls back when the deadline passes, with that reason", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.upTo("start").send({ kind: "deadlinePassed" });
    expect(drive.effects.at(-1)).toMatchObject({ kind: "abortStep", reason: { code: "deadline" } });
    drive.fail().finish();
    const end = drive.effects.find((effect) => effect.kind === "complete");
    expect(end).toMatchObject({ outcome: "rolledBack", reason: { code: "deadline" } });
  });

  it("lets a stop end before the deadline turns it round", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    drive.upTo("stop").send({ kind: "deadlinePassed" });
    expect(drive.running).toBe("stop");
    drive.send({ kind: "stepDone" });
    expect(drive.steps.at(-1)).toBe("←prepare 0");
  });
});

describe("newest wins", () => {
  it("replaces the waiting request and runs the newest after the running switch", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    const second = drive.request(0);
    const third = drive.request(null);
    expect(drive.effects.at(-1)).toEqual({ kind: "supersede", request: second });
    drive.finish();
    expect(drive.ends).toEqual(["committed 1", "committed null"]);
    expect(third.to).toBeNull();
  });

  it("answers a waiting request for the camera that became live", () => {
    const drive = new Drive(live(0));
    drive.request(1);
    const again = drive.request(1);
    drive.finish();
    expect(drive.effects.at(-1)).toEqual({ kind: "answerAlreadyLive", request: again, live: 1 });
    expect(drive.state).toMatchObject({ kind: "idle", live: 1 });
  });

  it("tries a request at once while recovery waits", () => {
    const drive = new Drive(live(0)).send({ kind: "sourceLost", reason: broken });
    drive.request(1);
    drive.finish();
    expect(drive.effects.map((effect) => effect.kind)).toContain("cancelRetry");
    expect(drive.state).toMatchObject({ kind: "idle", live: 1 });
  });

  it("turns off while recovering, with all steps, because an encoder may still run", () => {
    const drive = new Drive(live(0)).send({ kind: "sourceLost", reason: broken });
    drive.request(null);
    drive.finish();
    expect(drive.steps).toContain("handOver null");
    expect(drive.state).toEqual({ kind: "off" });
  });
});

describe("B3 recovery of a lost source", () => {
  it("starts at once, and more patiently when it is lost again soon", () => {
    const drive = new Drive(live(0));
    const waits: number[] = [];
    for (let n = 0; n < 4; n++) {
      drive.send({ kind: "sourceLost", reason: broken });
      const scheduled = drive.effects.at(-1);
      if (scheduled?.kind === "scheduleRetry") waits.push(scheduled.ms);
      drive.send({ kind: "retryDue", usable: [0] }).finish();
      drive.nowMs += 1000;
    }
    expect(waits).toEqual([0, 1000, 2000, 5000]);
    drive.nowMs += 60_000;
    drive.send({ kind: "sourceLost", reason: broken });
    expect(drive.effects.at(-1)).toEqual({ kind: "scheduleRetry", ms: 0 });
  });
});

const anyEvent: fc.Arbitrary<SwitchEvent> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<SwitchEvent>({ kind: "stepDone" }) },
  { weight: 3, arbitrary: fc.constant<SwitchEvent>({ kind: "stepFailed", reason: broken }) },
  { weight: 2, arbitrary: fc.constant<SwitchEvent>({ kind: "deadlinePassed" }) },
  { weight: 2, arbitrary: fc.constant<SwitchEvent>({ kind: "sourceLost", reason: broken }) },
  { weight: 3, arbitrary: fc.constant<SwitchEvent>({ kind: "retryDue", usable: [0, 1] }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 1, null), fc.boolean())
      .map(([to, reload]): SwitchEvent => ({ kind: "requested", request: request(to, reload) })),
  },
);

describe("whatever happens", () => {
  it("I6 every run that began ends once, every request is answered once, one step runs at a time", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        const drive = new Drive({ kind: "off" });
        const asked = new Set<number>();
        for (const event of events) {
          // The world reports on a step only while one runs.
          if ((event.kind === "stepDone" || event.kind === "stepFailed") && drive.running === null) continue;
          if (event.kind === "requested") asked.add(event.request.key);
          drive.send(event);
        }
        drive.finish();
        const answered: number[] = [];
        let open = 0;
        for (const effect of drive.effects) {
          if (effect.kind === "begin") {
            expect(++open).toBe(1);
            if (effect.run.request.trigger !== "recovery") answered.push(effect.run.request.key);
          }
          if (effect.kind === "complete") expect(--open).toBe(0);
          if (effect.kind === "supersede" || effect.kind === "answerAlreadyLive") answered.push(effect.request.key);
        }
        expect(open).toBe(0);
        expect(answered.toSorted((a, b) => a - b)).toEqual([...asked]);
      }),
      { numRuns: 500 },
    );
  });

  it("I1 a camera is started only after whatever ran was stopped", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        const drive = new Drive({ kind: "off" });
        for (const event of events) {
          if ((event.kind === "stepDone" || event.kind === "stepFailed") && drive.running === null) continue;
          drive.send(event);
        }
        let stopped = true;
        for (const effect of drive.effects) {
          if (effect.kind !== "runStep") continue;
          if (effect.run.step === "stop") stopped = true;
          if (effect.run.step === "start") {
            expect(stopped).toBe(true);
            stopped = false;
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
