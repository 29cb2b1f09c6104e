import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pace, type PaceFacts } from "../../../../web/src/player/catch-up.js";

const atTarget: PaceFacts = { latencyS: 0.6, targetS: 0.6, aheadS: 0.5, toLivePositionS: 0, rate: 1 };
const rate = (part: Partial<PaceFacts>) => pace({ ...atTarget, ...part });

describe("pace", () => {
  it("is that of life at the target", () => {
    expect(rate({})).toEqual({ kind: "rate", rate: 1 });
    expect(rate({ latencyS: 0.7 })).toEqual({ kind: "rate", rate: 1 });
  });

  it("is a little faster when behind, until the target is reached", () => {
    expect(rate({ latencyS: 1.1, toLivePositionS: 0.5 })).toEqual({ kind: "rate", rate: 1.2 });
    expect(rate({ latencyS: 0.7, rate: 1.1 })).toEqual({ kind: "rate", rate: 1.05 });
    expect(rate({ latencyS: 0.62, rate: 1.05 })).toEqual({ kind: "rate", rate: 1 });
  });

  it("is a little slower when nearer to the newest media than planned", () => {
    expect(rate({ latencyS: 0.3, aheadS: 0.2 })).toEqual({ kind: "rate", rate: 0.9 });
    expect(rate({ latencyS: 0.5, rate: 0.9 })).toEqual({ kind: "rate", rate: 0.95 });
    expect(rate({ latencyS: 0.58, rate: 0.95 })).toEqual({ kind: "rate", rate: 1 });
  });

  it("is never faster than life with an empty buffer", () => {
    expect(rate({ latencyS: 1.4, aheadS: 0.1 })).toEqual({ kind: "rate", rate: 1 });
  });

  it("jumps when more than 1.5 s behind, if there is a place to jump to", () => {
    expect(rate({ latencyS: 2.2, toLivePositionS: 1.6 })).toEqual({ kind: "jump" });
    expect(rate({ latencyS: 9, toLivePositionS: 0.1, aheadS: 0.1 })).toEqual({ kind: "rate", rate: 1 });
  });

  it("reaches the target from any delay, without overshooting", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 2.09, noNaN: true }), (startS) => {
        let state = { ...atTarget, latencyS: startS, aheadS: startS - 0.1, rate: 1 };
        for (let tick = 0; tick < 200; tick++) {
          const next = pace({ ...state, toLivePositionS: state.latencyS - state.targetS });
          if (next.kind === "jump") throw new Error("jumped");
          expect(next.rate).toBeGreaterThanOrEqual(0.9);
          expect(next.rate).toBeLessThanOrEqual(1.4);
          const gainedS = (next.rate - 1) * 0.25;
          state = { ...state, latencyS: state.latencyS - gainedS, aheadS: state.aheadS - gainedS, rate: next.rate };
        }
        expect(Math.abs(state.latencyS - state.targetS)).toBeLessThanOrEqual(0.16);
      }),
    );
  });
});
