import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultProfile, frameRates as serverRates, profileSchema } from "../../../../server/config/profile.js";
import type { Profile } from "../../../../server/http/wire.js";
import {
  exposures,
  flickers,
  focuses,
  frameRates,
  rotations,
  whiteBalances,
} from "../../../../web/src/profile/choices.js";
import { fieldNamed, patchBetween, readDraft, toDraft, type Draft } from "../../../../web/src/profile/draft.js";
import { fieldErrorText, numberError } from "../../../../web/src/profile/field-error.js";
import { numberFields, type NumberName } from "../../../../web/src/profile/number-fields.js";
import { presetOf, presets } from "../../../../web/src/profile/presets.js";
import { dictionaries } from "../support.js";

const base = toDraft(defaultProfile);
const errorsOf = (part: Partial<Draft>) => {
  const reading = readDraft({ ...base, ...part });
  return reading.kind === "errors" ? reading.errors : {};
};

/** Any profile that the service takes. */
const profiles: fc.Arbitrary<Profile> = fc.record({
  label: fc.string({ maxLength: 40 }).map((label) => label.trim()),
  width: fc.integer({ min: 80, max: 960 }).map((half) => half * 2),
  height: fc.integer({ min: 60, max: 540 }).map((half) => half * 2),
  fps: fc.constantFrom(...serverRates),
  quality: fc.integer({ min: 1, max: 100 }),
  bitrateKbps: fc.option(fc.integer({ min: 100, max: 20_000 })),
  hflip: fc.boolean(),
  vflip: fc.boolean(),
  rotation: fc.constantFrom(0 as const, 180 as const),
  exposure: fc.constantFrom(...exposures.map(({ value }) => value)),
  exposureCompensation: fc.integer({ min: -20, max: 20 }).map((halves) => halves / 2),
  whiteBalance: fc.constantFrom(...whiteBalances.map(({ value }) => value)),
  focus: fc.constantFrom(...focuses.map(({ value }) => value)),
  lensPosition: fc.option(fc.integer({ min: 0, max: 64 }).map((halves) => halves / 2)),
  flicker: fc.constantFrom(...flickers.map(({ value }) => value)),
  zoom: fc.option(fc.constant({ x: 0.25, y: 0.1, width: 0.5, height: 0.9 })),
  tuningFile: fc.option(fc.constant("/usr/share/tuning.json")),
  overlayTime: fc.boolean(),
  overlayLabel: fc.boolean(),
});

describe("profile form (A7)", () => {
  it("gives back every profile as it came", () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        expect(profileSchema.parse(profile)).toEqual(profile);
        expect(readDraft(toDraft(profile))).toEqual({ kind: "profile", profile });
      }),
    );
  });

  it("has a field for every part of a profile", () => {
    for (const name of Object.keys(defaultProfile)) expect(fieldNamed(name), name).not.toBeNull();
    expect(fieldNamed("zoom.width")).toBe("zoomWidth");
    expect(fieldNamed("nothing")).toBeNull();
  });

  it("sends only what changed", () => {
    const zoom = { x: 0, y: 0, width: 0.5, height: 0.5 };
    expect(patchBetween(defaultProfile, { ...defaultProfile })).toEqual({});
    expect(patchBetween(defaultProfile, { ...defaultProfile, fps: 15, zoom })).toEqual({ fps: 15, zoom });
    expect(patchBetween({ ...defaultProfile, zoom }, defaultProfile)).toEqual({ zoom: null });
  });

  it("finds what is wrong before the service does", () => {
    expect(errorsOf({ width: "161" })).toEqual({ width: { kind: "even" } });
    expect(errorsOf({ quality: "" })).toEqual({ quality: { kind: "number" } });
    expect(errorsOf({ quality: "80.5" })).toEqual({ quality: { kind: "whole" } });
    expect(errorsOf({ height: "5000" })).toEqual({ height: { kind: "range", min: 120, max: 1080 } });
    expect(errorsOf({ tuningFile: "tuning.json" })).toEqual({ tuningFile: { kind: "path" } });
    expect(errorsOf({ zoomed: true, zoomX: "0.5" })).toEqual({ zoomWidth: { kind: "zoom" } });
    expect(errorsOf({ zoomed: false, zoomX: "nonsense" })).toEqual({});
    expect(errorsOf({ bitrateKbps: "", lensPosition: " " })).toEqual({});
  });

  it("has words for every error", () => {
    const kinds = ["number", "whole", "even", "zoom", "path"] as const;
    for (const [, text] of dictionaries) {
      for (const kind of kinds) expect(fieldErrorText(text, { kind })).not.toBe("");
      expect(fieldErrorText(text, { kind: "range", min: 1, max: 2 })).toMatch(/1.*2/);
    }
  });
});

describe("what the form allows is what the service takes", () => {
  const accepts = (name: string, value: number) => profileSchema.safeParse({ [name]: value }).success;
  const plain = (Object.keys(numberFields) as NumberName[]).filter((name) => !name.startsWith("zoom"));

  it.each(plain)("%s", (name) => {
    const { min, max } = numberFields[name];
    const step = name === "width" || name === "height" ? 2 : 1;
    for (const value of [min - step, min, max, max + step]) {
      expect([name, value, numberError(name, String(value)) === null]).toEqual([name, value, accepts(name, value)]);
    }
  });

  it("choices", () => {
    expect(frameRates).toEqual([...serverRates]);
    const { shape } = profileSchema;
    const values = (choices: readonly { readonly value: string }[]) => choices.map(({ value }) => value);
    expect(values(exposures)).toEqual(shape.exposure.unwrap().options);
    expect(values(whiteBalances)).toEqual(shape.whiteBalance.unwrap().options);
    expect(values(focuses)).toEqual(shape.focus.unwrap().options);
    expect(values(flickers)).toEqual(shape.flicker.unwrap().options);
    expect(rotations.every((value) => accepts("rotation", value))).toBe(true);
  });

  it("A8: sizes offered are those asked for", () => {
    expect(presets.map(({ width, height, fps }) => `${width}x${height}@${fps}`)).toEqual([
      "320x240@15",
      "640x480@30",
      "1280x720@30",
    ]);
    expect(presetOf(base)).toBe(presets[1]);
    expect(presetOf({ ...base, fps: "25" })).toBeNull();
  });
});
