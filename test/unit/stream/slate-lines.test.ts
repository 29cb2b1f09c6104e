import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSlateFont } from "../../../server/stream/slate-font.js";
import { slateLines } from "../../../server/stream/slate-lines.js";

const texts = { label: "Front door", reason: "The camera is not connected.", since: "since 1 May 2026, 10:00:00" };

describe("slateLines", () => {
  it("puts label, reason and time under each other, the label largest", () => {
    const lines = slateLines(texts, 640, 480);
    expect(lines.map(({ text }) => text)).toEqual([texts.label, texts.reason, texts.since]);
    expect(lines[0]?.sizePx).toBeGreaterThan(lines[1]?.sizePx ?? 0);
  });

  it("leaves out what is empty", () => {
    expect(slateLines({ ...texts, label: " " }, 640, 480).map(({ text }) => text)).toEqual([texts.reason, texts.since]);
  });

  it("cuts a long reason after three lines", () => {
    const lines = slateLines({ ...texts, reason: "a camera that says much ".repeat(30) }, 640, 480);
    expect(lines).toHaveLength(5);
    expect(lines[3]?.text.endsWith("…")).toBe(true);
  });

  it("keeps every line within the picture, one below the other, free of control characters", () => {
    const size = fc.record({ width: fc.integer({ min: 160, max: 1920 }), height: fc.integer({ min: 120, max: 1080 }) });
    const any = fc.record({
      label: fc.string({ unit: "grapheme", maxLength: 40 }),
      reason: fc.string({ unit: "grapheme", maxLength: 300 }),
      since: fc.constant(texts.since),
    });
    fc.assert(
      fc.property(size, any, ({ width, height }, given) => {
        let bottomPx = 0;
        for (const { text, sizePx, yPx } of slateLines(given, width, height)) {
          expect(text).not.toMatch(/[\p{Cc}\n]/u);
          expect(text).not.toBe("");
          expect(yPx).toBeGreaterThanOrEqual(bottomPx);
          bottomPx = yPx + sizePx;
        }
        expect(bottomPx).toBeLessThanOrEqual(height);
      }),
    );
  });
});

describe("findSlateFont", () => {
  const installed = (name: string) => (path: string) => path.includes(name);

  it("takes a font with Korean signs for Korean, else a narrow one", () => {
    const all = () => true;
    expect(findSlateFont("현관", all)).toMatch(/nanum/i);
    expect(findSlateFont("Front door", all)).toMatch(/dejavu/i);
  });

  it("takes what there is", () => {
    expect(findSlateFont("현관", installed("NotoSansCJK"))).toMatch(/NotoSansCJK/);
    expect(findSlateFont("현관", installed("dejavu"))).toMatch(/dejavu/);
    expect(findSlateFont("door", () => false)).toBeNull();
  });
});
