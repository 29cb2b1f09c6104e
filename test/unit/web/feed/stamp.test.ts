import { describe, expect, it } from "vitest";
import { stamp } from "../../../../web/src/feed/stamp.js";
import { status } from "../support.js";

describe("stamp", () => {
  it("stamps everything of a first status", () => {
    expect(stamp(null, status(), 5)).toMatchObject({ switchAtMs: 5, rotationAtMs: 5, guardAtMs: 5 });
  });

  it("keeps the moment of what a change left alone", () => {
    const first = stamp(null, status(), 5);
    const next = stamp(first, { ...first.status, rotation: { enabled: true, seconds: 30, nextInMs: 30_000 } }, 9);
    expect(next).toMatchObject({ switchAtMs: 5, rotationAtMs: 9, guardAtMs: 5 });
  });
});
