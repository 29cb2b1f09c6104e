import { describe, expect, it } from "vitest";
import { isTooDeep } from "../../../server/http/nesting.js";

const nested = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);

describe("G5 a body", () => {
  it("may be nested as ours are, and no deeper", () => {
    expect(isTooDeep({ cameras: { profiles: { 0: { zoom: { x: 1 } } } } })).toBe(false);
    expect(isTooDeep(nested(20))).toBe(false);
    expect(isTooDeep(nested(21))).toBe(true);
    expect(isTooDeep({ a: nested(30_000) })).toBe(true);
  });
});
