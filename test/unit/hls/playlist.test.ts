import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allSegments,
  appendPart,
  beginGeneration,
  endGeneration,
  jumpTo,
  maxPartTicks,
  namesIn,
  openPlaylist,
  partUri,
  positionOf,
  segmentUri,
  skipPart,
  type CameraRange,
  type PlaylistState,
  type PlaylistStep,
} from "../../../server/hls/playlist.js";
import { parsePlaylist, renderPlaylist } from "../../../server/hls/playlist-text.js";
import { decideResume } from "../../../server/hls/resume.js";

/** Short, so that segments leave it often. */
const windowSeconds = 2;
const start = { mediaSequence: 7, discontinuitySequence: 2, part: 40, ticks: 123_457, epochMs: 1_700_000_000_000 };

type Operation =
  | { readonly kind: "begin"; readonly init: number; readonly label: string }
  | { readonly kind: "part"; readonly ticks: number; readonly independent: boolean }
  | { readonly kind: "end" }
  | { readonly kind: "restart" }
  | { readonly kind: "restartAfter"; readonly awayMs: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("begin"), init: fc.nat(2), label: fc.string({ unit: "binary" }) }),
  },
  {
    weight: 40,
    arbitrary: fc.record({
      kind: fc.constant("part"),
      ticks: fc.oneof(fc.constant(18_000), fc.constant(3_000), fc.integer({ min: 1, max: maxPartTicks })),
      independent: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("end") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("restartAfter"), awayMs: fc.integer({ min: -100_000, max: 1e9 }) }),
  },
);

/** Applies operations as the publisher does, and keeps account of every name. */
class Ledger {
  state: PlaylistState = openPlaylist(start, { windowSeconds });
  readonly partsAndSegments = new Set<string>();
  readonly expired: string[] = [];
  /** Discontinuities that players were told of. */
  discontinuities = 0;
  #generation = 0;

  apply(operation: Operation): void {
    switch (operation.kind) {
      case "begin":
        this.#take(endGeneration(this.state));
        this.state = beginGeneration(this.state, {
          generation: this.#generation++,
          camera: operation.init % 2,
          label: operation.label,
          init: `init_${operation.init}.mp4`,
        });
        break;
      case "part": {
        if (!this.state.generation) break;
        const step = appendPart(this.state, {
          ticks: operation.ticks,
          independent: operation.independent || this.state.open === null,
        });
        this.#useOnce(step.part.uri);
        if (this.state.open === null && this.state.tail === "discontinuity") this.discontinuities += 1;
        this.#take(step);
        break;
      }
      case "end":
        this.#take(endGeneration(this.state));
        break;
      case "restart":
        this.#restart();
        break;
      case "restartAfter": {
        this.#restart();
        const resume = decideResume(positionOf(this.state), operation.awayMs);
        if (resume.kind === "exact") break;
        if (this.state.tail === "discontinuity") this.discontinuities += 1;
        this.#take(jumpTo(this.state, resume.to));
        break;
      }
    }
  }

  #restart(): void {
    this.state = skipPart(parsePlaylist(renderPlaylist(this.state), { windowSeconds }));
    this.#take(endGeneration(this.state));
  }

  #take(step: PlaylistStep): void {
    if (step.closed) this.#useOnce(segmentUri(step.closed.sequence));
    this.expired.push(...step.expired);
    this.state = step.state;
  }

  #useOnce(name: string): void {
    expect(this.partsAndSegments.has(name)).toBe(false);
    this.partsAndSegments.add(name);
  }
}

function mediaSequenceOf(text: string): number {
  return Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
}

function expectSound(state: PlaylistState): void {
  let ticks = allSegments(state)[0]?.startTicks ?? state.edgeTicks;
  let init: string | null = null;
  for (const segment of allSegments(state)) {
    expect(segment.startTicks).toBe(ticks);
    ticks += segment.ticks;
    expect(Math.round(segment.ticks / 90_000)).toBeLessThanOrEqual(1);
    if (segment.parts.length > 0) {
      expect(segment.parts.reduce((sum, part) => sum + part.ticks, 0)).toBe(segment.ticks);
      expect(segment.parts[0]?.independent).toBe(true);
    }
    const inside = (range: CameraRange) => range.startTicks > segment.startTicks && range.startTicks < ticks;
    expect(state.ranges.some(inside)).toBe(false);
    expect(state.ranges[0]?.startTicks).toBeLessThanOrEqual(segment.startTicks);
    if (init !== null) expect(segment.discontinuity).toBe(segment.init !== init);
    init = segment.init;
  }
  expect(ticks).toBe(state.edgeTicks);
}

describe("playlist", () => {
  test("I2, I3, I4: over any life of a channel nothing goes down, no name returns, every name is accounted for", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 150, size: "max" }), (operations) => {
        const ledger = new Ledger();
        for (const each of operations) {
          const before = ledger.state;
          ledger.apply(each);
          const after = ledger.state;
          expectSound(after);
          const [from, to] = [positionOf(before), positionOf(after)];
          expect(to.ticks).toBeGreaterThanOrEqual(from.ticks);
          expect(to.part).toBeGreaterThanOrEqual(from.part);
          expect(to.mediaSequence).toBeGreaterThanOrEqual(from.mediaSequence);
          const announced = after.tail === "discontinuity" ? 1 : 0;
          expect(to.discontinuitySequence - announced).toBe(start.discontinuitySequence + ledger.discontinuities);
          expect(after.discontinuitySequence).toBeGreaterThanOrEqual(before.discontinuitySequence);
          expect(mediaSequenceOf(renderPlaylist(after))).toBeGreaterThanOrEqual(
            mediaSequenceOf(renderPlaylist(before)),
          );
        }
        const named = [...namesIn(ledger.state)].filter((name) => !name.startsWith("init_"));
        const gone = ledger.expired.filter((name) => !name.startsWith("init_"));
        expect([...named, ...gone].sort()).toEqual([...ledger.partsAndSegments].sort());
      }),
      { numRuns: 100 },
    );
  });

  test("I3: the text alone holds all that a restart needs", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80, size: "max" }), (operations) => {
        const ledger = new Ledger();
        for (const each of operations) ledger.apply(each);
        const { state } = ledger;
        fc.pre(state.init !== null);
        const init = allSegments(state).at(-1)?.init ?? null;
        expect(parsePlaylist(renderPlaylist(state), { windowSeconds })).toEqual({ ...state, generation: null, init });
      }),
      { numRuns: 100 },
    );
  });

  test("the window is kept, and parts are named for the newest three segments and the open one", () => {
    const ledger = new Ledger();
    ledger.state = openPlaylist(start, { windowSeconds: 6 });
    ledger.apply({ kind: "begin", init: 0, label: "Door" });
    for (let part = 0; part < 64; part++) ledger.apply({ kind: "part", ticks: 18_000, independent: part % 5 === 0 });
    expect(ledger.state.segments.map((segment) => segment.parts.length)).toEqual([0, 0, 0, 5, 5, 5]);
    expect(ledger.state.open?.parts).toHaveLength(4);
    expect(ledger.state.segments[0]?.sequence).toBe(start.mediaSequence + 6);
  });

  test("a text as players get it", () => {
    const ledger = new Ledger();
    ledger.apply({ kind: "begin", init: 0, label: 'Front "door"\n' });
    for (const ticks of [18_000, 18_000, 3_000]) ledger.apply({ kind: "part", ticks, independent: ticks === 18_000 });
    ledger.apply({ kind: "begin", init: 1, label: "Yard" });
    expect(renderPlaylist(ledger.state).endsWith("seg_7.m4s\n#EXT-X-DISCONTINUITY\n")).toBe(true);
    for (const independent of [true, false]) ledger.apply({ kind: "part", ticks: 18_000, independent });
    expect(renderPlaylist(ledger.state)).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:1
#EXT-X-PART-INF:PART-TARGET=0.2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:2
#EXT-X-SMART-TOGGLE:START=123457,EPOCH=1700000000000,NEXT-PART=46
#EXT-X-DATERANGE:ID="g0-t123457",CLASS="camera",START-DATE="2023-11-14T22:13:21.372Z",END-ON-NEXT=YES,X-CAMERA=0,X-GENERATION=0,X-LABEL="Front 'door' "
#EXT-X-DATERANGE:ID="g1-t162457",CLASS="camera",START-DATE="2023-11-14T22:13:21.805Z",END-ON-NEXT=YES,X-CAMERA=1,X-GENERATION=1,X-LABEL="Yard"
#EXT-X-MAP:URI="init_0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:21.372Z
#EXT-X-PART:DURATION=0.20000,URI="part_40.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.20000,URI="part_41.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.03333,URI="part_42.m4s"
#EXTINF:0.43333,
seg_7.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init_1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:21.805Z
#EXT-X-PART:DURATION=0.20000,URI="part_44.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.20000,URI="part_45.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part_46.m4s"
`);
  });

  test("the name that was hinted at before a discontinuity is never used", () => {
    const ledger = new Ledger();
    ledger.apply({ kind: "begin", init: 0, label: "" });
    ledger.apply({ kind: "part", ticks: 18_000, independent: true });
    const hinted = partUri(ledger.state.nextPart);
    ledger.apply({ kind: "begin", init: 1, label: "" });
    ledger.apply({ kind: "part", ticks: 18_000, independent: true });
    expect(ledger.partsAndSegments.has(hinted)).toBe(false);
  });

  test("what is not our text, or is cut off, is refused", () => {
    const ledger = new Ledger();
    ledger.apply({ kind: "begin", init: 0, label: "" });
    for (let part = 0; part < 7; part++) ledger.apply({ kind: "part", ticks: 18_000, independent: part % 5 === 0 });
    const text = renderPlaylist(ledger.state);
    for (let end = 0; end < text.length - 1; end += 3) {
      expect(() => parsePlaylist(text.slice(0, end), { windowSeconds })).toThrow();
    }
    expect(() => parsePlaylist("#EXTM3U\n#EXT-X-VERSION:7\n", { windowSeconds })).toThrow();
  });

  test("misuse is refused", () => {
    const state = openPlaylist(start, { windowSeconds });
    const generation = { generation: 1, camera: 0, label: "", init: "init_0.mp4" };
    const begun = beginGeneration(state, generation);
    expect(() => appendPart(state, { ticks: 18_000, independent: true })).toThrow("generation");
    expect(() => appendPart(begun, { ticks: 18_000, independent: false })).toThrow("independent");
    expect(() => appendPart(begun, { ticks: 0, independent: true })).toThrow("ticks");
    expect(() => appendPart(begun, { ticks: maxPartTicks + 1, independent: true })).toThrow("ticks");
    const open = appendPart(begun, { ticks: 18_000, independent: true }).state;
    expect(() => beginGeneration(open, generation)).toThrow("open");
  });
});
