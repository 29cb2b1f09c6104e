import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localTime } from "../../../server/lib/local-time.js";
import { encoderArguments } from "../../../server/stream/ffmpeg-arguments.js";
import { overlayOf, overlaySizePx, overlayText } from "../../../server/stream/overlay.js";
import { isSameShowing, type Showing } from "../../../server/stream/showing.js";

const profile = { width: 640, height: 480, fps: 30, bitrateKbps: null } as const;
const atMs = new Date(2026, 10, 21, 6, 5, 9).getTime();

describe("overlay (H1)", () => {
  it("is nothing unless the profile asks for it", () => {
    expect(overlayOf(profile, "Door")).toBeNull();
    expect(overlayOf({ ...profile, overlayTime: false, overlayLabel: false }, "Door")).toBeNull();
  });

  it("says label and time, each by itself or the label above the time", () => {
    const text = (time: boolean, label: boolean) => {
      const overlay = overlayOf({ ...profile, overlayTime: time, overlayLabel: label }, "Door");
      return overlay && overlayText(overlay, atMs + 999);
    };
    expect(text(true, true)).toBe("Door\n2026-11-21 06:05:09");
    expect(text(true, false)).toBe("2026-11-21 06:05:09");
    expect(text(false, true)).toBe("Door");
  });

  it("tells the hour of this machine's zone, over a change of summer time too", () => {
    const hours = [0, 1, 2, 3].map((hour) => localTime(Date.UTC(2026, 9, 25, hour)).slice(11, 13));
    const expected = [0, 1, 2, 3].map((hour) => new Date(Date.UTC(2026, 9, 25, hour)).getHours());
    expect(hours.map(Number)).toEqual(expected);
  });

  it("keeps a label on one line, away from the strip, and out of ffmpeg's arguments, whatever is in it", () => {
    const sizes = fc.record({
      width: fc.integer({ min: 80, max: 960 }).map((half) => half * 2),
      height: fc.integer({ min: 60, max: 540 }).map((half) => half * 2),
    });
    const plain = encoderArguments({ profile, directory: "/d", overlay: drawn(8) });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), sizes, (label, size) => {
        const overlay = overlayOf({ ...profile, ...size, overlayTime: true, overlayLabel: true }, label);
        const lines = overlay === null ? [] : overlayText(overlay, atMs).split("\n");
        expect(lines.length).toBe(overlay?.label === null ? 1 : 2);
        expect(lines.join("")).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        const sizePx = overlaySizePx(lines.join("\n"), size);
        // Two lines with their leading, the box and the margin.
        expect(size.height - 3.5 * sizePx).toBeGreaterThan(16);
        expect(encoderArguments({ profile, directory: "/d", overlay: drawn(8) })).toEqual(plain);
      }),
    );
  });

  it("is another picture: the encoder of one without it does not go on", () => {
    const showing: Showing = { camera: 0, cameraId: "a", label: "Door", profile };
    const withTime = { ...showing, profile: { ...profile, overlayTime: true } };
    expect(isSameShowing(showing, { ...showing, profile: { ...profile, overlayTime: false } })).toBe(true);
    expect(isSameShowing(showing, withTime)).toBe(false);
    expect(isSameShowing(showing, { ...showing, profile: { ...profile, overlayLabel: true } })).toBe(false);
  });
});

function drawn(sizePx: number) {
  return { textFile: "overlay.txt", fontFile: "/f.ttf", sizePx };
}
