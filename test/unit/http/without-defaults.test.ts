import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Profile } from "../../../server/config/profile.js";
import { profilePatchSchema, rotationRequestSchema, type ProfilePatch } from "../../../server/http/wire.js";

describe("schemas of changes", () => {
  it("never fill in a field that was left out", () => {
    expect(profilePatchSchema.parse({ fps: 15 })).toEqual({ fps: 15 });
    expect(profilePatchSchema.parse({})).toEqual({});
    expectTypeOf<ProfilePatch>().toEqualTypeOf<Partial<Profile>>();
  });

  it("keep ranges and texts, and refuse unknown keys", () => {
    expect(profilePatchSchema.safeParse({ fps: 24 }).success).toBe(false);
    expect(profilePatchSchema.safeParse({ colour: 1 }).success).toBe(false);
    const document = z.toJSONSchema(profilePatchSchema, { io: "input" });
    expect(document.properties?.["width"]).toMatchObject({ description: "Picture width", unit: "pixels" });
    expect(document.properties?.["width"]).not.toHaveProperty("default");
  });

  it("ask for the whole of a rotation", () => {
    expect(rotationRequestSchema.safeParse({ enabled: true }).success).toBe(false);
    expect(rotationRequestSchema.safeParse({ enabled: true, seconds: 30 }).success).toBe(true);
  });
});
