import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideTakeover, goesBefore, patienceMs, toleranceMs } from "../../../server/hls/takeover.js";

const key = (dateMs: number) => ({ dateMs });

/** A camera whose parts begin at whole fifths of a second after its phase, each fifth of them with a key frame. */
class Camera {
  readonly #phaseMs: number;

  constructor(phaseMs: number) {
    this.#phaseMs = phaseMs;
  }

  /** The key frames that are published by now: a part is, when it has ended and its encoder has had 50 ms. */
  keys(nowMs: number): { dateMs: number }[] {
    const last = Math.floor((nowMs - 250 - this.#phaseMs) / 1000);
    return Array.from({ length: 8 }, (_, back) => key(this.#phaseMs + (last - back) * 1000)).reverse();
  }

  /** The parts published after one moment, up to another. */
  parts(afterMs: number, untilMs: number): number[] {
    const first = Math.floor((afterMs - 250 - this.#phaseMs) / 200) + 1;
    const last = Math.floor((untilMs - 250 - this.#phaseMs) / 200);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => this.#phaseMs + (first + n) * 200);
  }
}

describe("when a channel goes on with another camera", () => {
  test("a key frame at the edge is taken at once; until one comes, the former camera's parts go out up to it", () => {
    expect(decideTakeover({ edgeMs: 10_000, keys: [key(9100), key(10_090)], silentMs: 0 })).toEqual({
      kind: "begin",
      key: key(10_090),
    });
    const waits = decideTakeover({ edgeMs: 10_000, keys: [key(8700), key(9700)], silentMs: 0 });
    expect(waits).toEqual({ kind: "wait", untilMs: 10_700 });
    expect([10_000, 10_600, 10_601].map((edgeMs) => goesBefore(edgeMs, 10_700))).toEqual([true, true, false]);
  });

  test("a camera that has shown nothing yet is waited for, and the former one goes on", () => {
    expect(decideTakeover({ edgeMs: 10_000, keys: [], silentMs: 9000 })).toEqual({ kind: "wait", untilMs: null });
  });

  test("where the former camera gives nothing, the nearest key frame begins; the wanted one's silence changes nothing", () => {
    const keys = [key(9000), key(10_000), key(11_000), key(12_000)];
    const facts = { edgeMs: 10_300, keys, silentMs: patienceMs + 1 };
    expect(decideTakeover(facts)).toEqual({ kind: "begin", key: key(10_000) });
    expect(decideTakeover({ ...facts, edgeMs: 13_000, keys: [key(11_980)] })).toEqual({
      kind: "wait",
      untilMs: 12_980,
    });
  });

  test("I3: however often it changes, media stay within half a part of their date, each in less than 1.6 s", () => {
    const phases = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(
        phases,
        phases,
        fc.array(fc.integer({ min: 300, max: 4000 }), { maxLength: 30 }),
        (one, two, pauses) => {
          const cameras = [new Camera(one), new Camera(two)];
          let active = 0;
          let nowMs = 10_000;
          let edgeMs = cameras[0]?.keys(nowMs).at(-1)?.dateMs ?? 0;
          let held: number[] = [];
          let shownMs = edgeMs - 1;
          let offsetMs = 0;
          const pass = (untilMs: number | null) => {
            while (held.length > 0 && goesBefore(edgeMs, untilMs)) {
              shownMs = held.shift() ?? shownMs;
              offsetMs = edgeMs - shownMs;
              edgeMs += 200;
            }
          };
          const advance = (ms: number) => {
            held.push(...(cameras[active]?.parts(nowMs, nowMs + ms) ?? []).filter((date) => date > shownMs));
            nowMs += ms;
          };
          for (const pauseMs of pauses) {
            advance(pauseMs);
            pass(null);
            const wanted = cameras[1 - active];
            const askedMs = nowMs;
            for (;;) {
              const decision = decideTakeover({ edgeMs, keys: wanted?.keys(nowMs) ?? [], silentMs: 0 });
              if (decision.kind === "begin") {
                active = 1 - active;
                held = (wanted?.parts(decision.key.dateMs, nowMs) ?? []).filter((date) => date >= decision.key.dateMs);
                pass(null);
                break;
              }
              pass(decision.untilMs);
              advance(10);
              expect(nowMs - askedMs).toBeLessThan(1600);
            }
            expect(Math.abs(offsetMs)).toBeLessThanOrEqual(toleranceMs);
          }
        },
      ),
    );
  });
});
