import { describe, expect, it } from "vitest";
import type { Frame } from "../../../server/camera/frame.js";
import { chooseSnapshot, type SnapshotFacts } from "../../../server/live/snapshot.js";

const frame = (camera: number, arrivedMs: number): Frame => ({ jpeg: Buffer.alloc(0), camera, number: 1, arrivedMs });
const choose = (facts: Partial<SnapshotFacts>) =>
  chooseSnapshot({ camera: 0, newest: null, kept: undefined, forbidden: null, nowMs: 10_000, ...facts });

describe("a snapshot (D2)", () => {
  it("is the newest frame of a camera that is live", () => {
    const newest = frame(0, 9000);
    expect(choose({ newest, kept: frame(0, 8000) })).toEqual({ kind: "frame", source: "live", frame: newest });
  });

  it("is the last frame of a camera while another is live, or refused where there is none", () => {
    const kept = frame(0, 5);
    expect(choose({ newest: frame(1, 9000), kept })).toEqual({ kind: "frame", source: "kept", frame: kept });
    expect(choose({ newest: frame(1, 9000) })).toMatchObject({ kind: "refused", code: "modeForbids" });
  });

  it("is a still when no camera gives a picture, with the last frame for want of one", () => {
    const kept = frame(0, 7000);
    expect(choose({ newest: kept, kept })).toEqual({ kind: "still", instead: kept });
    expect(choose({})).toEqual({ kind: "still", instead: undefined });
  });

  it("is nothing where no picture may be shown, whatever there is", () => {
    const forbidden = { code: "modeForbids", message: "The cameras are turned off." } as const;
    expect(choose({ newest: frame(0, 9999), kept: frame(0, 9999), forbidden })).toEqual({
      kind: "refused",
      ...forbidden,
    });
  });
});
