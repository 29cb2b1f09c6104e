import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../server/config/schema.js";
import { fieldErrors } from "../../../server/http/field-errors.js";
import { profilePatchSchema } from "../../../server/http/wire.js";

function errorsOf(schema: typeof profilePatchSchema | typeof settingsSchema, input: unknown): Record<string, string> {
  const result = schema.safeParse(input);
  const errors = result.success ? [] : fieldErrors(result.error.issues, input);
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
}

describe("errors of fields", () => {
  it("say what each must be", () => {
    const input = { zoom: { x: 0, y: 0, width: 0, height: 2 }, hflip: "yes", label: "x".repeat(41), bitrateKbps: 1.5 };
    expect(errorsOf(profilePatchSchema, input)).toEqual({
      zoom: "reaches beyond the picture: x + width and y + height must be at most 1",
      "zoom.width": "must be more than 0",
      "zoom.height": "must be at most 1",
      hflip: 'must be a boolean, not "yes"',
      label: "must be at most 40 characters long",
      bitrateKbps: "must be a whole number, not 1.5",
    });
  });

  it("find every unknown key, at any depth", () => {
    expect(errorsOf(settingsSchema, { htpp: 1, nginx: { prot: 1, manged: 2 } })).toEqual({
      htpp: "is not known here: take it out",
      "nginx.prot": "is not known here: take it out",
      "nginx.manged": "is not known here: take it out",
    });
  });

  it("can be written for whatever was sent", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        for (const message of Object.values(errorsOf(settingsSchema, input))) expect(message).not.toBe("");
      }),
    );
  });
});
