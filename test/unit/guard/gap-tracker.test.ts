import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cause } from "../../../server/guard/ledger/gap-causes.js";
import { GapTracker, type GapNews, type Scene } from "../../../server/guard/ledger/gap-tracker.js";

const limits = { silentMs: 1000, frozenMs: 3000 };
const quiet: Scene = { kind: "on", camera: 0, cause: null };
const off: Scene = { kind: "off" };
const cause = (code: string, planned: boolean): Cause => ({ code, message: code, planned, camera: 1 });
const because = (code: string, planned: boolean): Scene => ({ kind: "on", camera: 1, cause: cause(code, planned) });

/** A tracker on a clock of its own: frames each 100 ms, parts each 200 ms, looks each 250 ms. */
class Run {
  nowMs = 0;
  scene: Scene = quiet;
  readonly news: GapNews[] = [];
  readonly tracker: GapTracker;

  constructor(former: ConstructorParameters<typeof GapTracker>[2] = null) {
    this.tracker = new GapTracker(limits, 0, former);
  }

  /** Lets time go by; `frozen`: the same picture since the last frame before. */
  pass(ms: number, { frames = true, parts = true, frozen = false, looks = true } = {}): this {
    const sinceMs = this.nowMs;
    for (const untilMs = sinceMs + ms; this.nowMs < untilMs;) {
      this.nowMs += 50;
      if (frames && this.nowMs % 100 === 0) this.tracker.frame(this.nowMs, frozen ? sinceMs : null);
      if (parts && this.nowMs % 200 === 0) this.tracker.part(this.nowMs);
      if (looks && this.nowMs % 250 === 0) this.look();
    }
    return this;
  }

  look(scene = this.scene): this {
    this.scene = scene;
    this.news.push(...this.tracker.look(this.nowMs, scene));
    return this;
  }

  /** What ended, as code, begin and end. */
  get closed() {
    return this.news.flatMap(
      ({
        kind,
        gap: {
          beginMs,
          endMs,
          cause: { code, planned },
        },
      }) => (kind === "closed" ? [{ code, planned, beginMs, endMs }] : []),
    );
  }
}

describe("gap tracker (D4)", () => {
  it("a pause of one second leaves no gap, a longer one does, from the last frame to the first", () => {
    expect(new Run().pass(2000).pass(900, { frames: false }).pass(2000).news).toEqual([]);
    const run = new Run().pass(2000).pass(1300, { frames: false }).pass(2000);
    expect(run.closed).toEqual([{ code: "cameraStalled", planned: false, beginMs: 2000, endMs: 3400 }]);
  });

  it("a pause that no look fell into is found all the same", () => {
    const run = new Run().pass(2000).pass(1300, { frames: false, looks: false });
    run.tracker.frame(run.nowMs, null);
    run.pass(1000);
    expect(run.closed).toMatchObject([{ beginMs: 2000, endMs: 3300 }]);
    expect(run.closed[0]?.code).toBe("controllerBlocked");
  });

  it("C2 a frozen picture is a gap from its first frame on, a picture that stands shortly is none (I7)", () => {
    expect(new Run().pass(2000).pass(2800, { frozen: true }).pass(1000).news).toEqual([]);
    const run = new Run().pass(2000).pass(5000, { frozen: true }).pass(1000);
    expect(run.closed).toEqual([{ code: "cameraFrozen", planned: false, beginMs: 2000, endMs: 7100 }]);
  });

  it("frames without new media are a gap of the encoder", () => {
    const run = new Run().pass(2000).pass(2000, { parts: false }).pass(1000);
    expect(run.closed).toEqual([{ code: "encoderStalled", planned: false, beginMs: 2000, endMs: 4200 }]);
  });

  it("a switch that was asked for leaves a planned gap, one that fails an unplanned one", () => {
    const run = new Run().pass(2000).look(because("switch", true)).pass(1400, { frames: false });
    run.pass(500).look(quiet).pass(1000);
    expect(run.closed).toEqual([{ code: "switch", planned: true, beginMs: 2000, endMs: 3500 }]);
    const failed = new Run().pass(2000).look(because("switch", true)).pass(1400, { frames: false });
    failed.look(because("cameraStartTimeout", false)).pass(1000, { frames: false }).pass(1000);
    expect(failed.closed).toEqual([{ code: "cameraStartTimeout", planned: false, beginMs: 2000, endMs: 4500 }]);
    expect(failed.news.map(({ kind }) => kind)).toEqual(["opened", "changed", "closed"]);
  });

  it("what is known takes the place of what it looks like, and what failed stays failed", () => {
    const run = new Run().pass(2000).pass(1300, { frames: false }).look(because("cameraGone", false));
    run.look(because("switch", true)).pass(1000, { frames: false }).pass(1000);
    expect(run.closed).toMatchObject([{ code: "cameraGone", planned: false, beginMs: 2000 }]);
  });

  it("A1 off is no gap: what is open ends with it, and nothing begins", () => {
    const run = new Run().pass(2000).pass(1500, { frames: false }).look(off);
    run.pass(10_000, { frames: false, parts: false }).look(quiet).pass(800, { frames: false, parts: false }).pass(2000);
    expect(run.closed).toEqual([{ code: "cameraStalled", planned: false, beginMs: 2000, endMs: 3500 }]);
  });

  it("turned on again, the wait for the first frame counts", () => {
    const run = new Run().look(off).pass(2000, { frames: false, parts: false }).look(because("switch", true));
    run.pass(1500, { frames: false, parts: false }).pass(2000);
    expect(run.closed).toEqual([{ code: "switch", planned: true, beginMs: 2000, endMs: 3600 }]);
  });

  it("an outage goes on until the first frame of the next run", () => {
    const former = { beginMs: -4000, cause: cause("serviceCrashed", false), plannedUntilMs: null };
    const run = new Run(former).look(because("serviceStarted", true)).pass(700, { frames: false }).pass(1000);
    expect(run.closed).toEqual([{ code: "serviceCrashed", planned: false, beginMs: -4000, endMs: 800 }]);
  });

  it("a planned stop ends where the next start fails", () => {
    const former = { beginMs: -4000, cause: cause("serviceStopped", true), plannedUntilMs: 0 };
    const run = new Run(former).look(because("serviceStarted", true)).pass(700, { frames: false });
    run.look(because("cameraGone", false)).pass(2000, { frames: false }).pass(1000);
    expect(run.closed).toEqual([
      { code: "serviceStopped", planned: true, beginMs: -4000, endMs: 0 },
      { code: "cameraGone", planned: false, beginMs: 0, endMs: 2800 },
    ]);
  });

  it("a stop of the service ends what is broken and begins what is planned", () => {
    const run = new Run().pass(2000).pass(1500, { frames: false });
    run.news.push(...run.tracker.stop(run.nowMs, cause("serviceStopped", true)));
    expect(run.closed).toMatchObject([{ code: "cameraStalled", endMs: 3500 }]);
    expect(run.news.at(-1)).toMatchObject({ kind: "opened", gap: { beginMs: 3500, cause: { planned: true } } });
  });
});

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("frame" as const), frozen: fc.boolean() }) },
  { weight: 4, arbitrary: fc.constant({ kind: "part" as const }) },
  { weight: 8, arbitrary: fc.constant({ kind: "look" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("scene" as const),
      scene: fc.constantFrom<Scene>(off, quiet, because("switch", true), because("cameraGone", false)),
    }),
  },
);

describe("gap tracker, whatever happens", () => {
  it("gaps never overlap, never end before they begin, and hold no fresh frame unless they lack parts", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 1500 })), { maxLength: 150 }), (steps) => {
        const tracker = new GapTracker(limits, 0);
        const fresh: number[] = [];
        const news: GapNews[] = [];
        let nowMs = 0;
        let frozenSinceMs: number | null = null;
        let lastMs = 0;
        let scene: Scene = quiet;
        for (const [what, ms] of steps) {
          nowMs += ms;
          if (what.kind === "frame") {
            frozenSinceMs = what.frozen ? (frozenSinceMs ?? lastMs) : null;
            lastMs = nowMs;
            tracker.frame(nowMs, frozenSinceMs);
            if (frozenSinceMs === null) fresh.push(nowMs);
          } else if (what.kind === "part") tracker.part(nowMs);
          else {
            if (what.kind === "scene") scene = what.scene;
            news.push(...tracker.look(nowMs, scene));
          }
        }
        check(news, fresh);
      }),
      { numRuns: 2000 },
    );
  });
});

function check(news: readonly GapNews[], fresh: readonly number[]): void {
  let open = false;
  let endMs = -Infinity;
  for (const { kind, gap } of news) {
    expect(open).toBe(kind !== "opened");
    open = kind !== "closed";
    expect(gap.beginMs).toBeGreaterThanOrEqual(endMs);
    if (gap.endMs === null) continue;
    expect(gap.endMs).toBeGreaterThanOrEqual(gap.beginMs);
    if (gap.cause.code === "cameraStalled" || gap.cause.code === "controllerBlocked") {
      const inside = fresh.filter((ms) => ms > gap.beginMs && ms < (gap.endMs ?? 0));
      expect(inside).toEqual([]);
    }
    endMs = gap.endMs;
  }
}
