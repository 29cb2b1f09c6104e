import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultProfile, frameRates, profileSchema, type Profile } from "../../../server/config/profile.js";
import {
  allowsDual,
  allowsMjpeg,
  allowsWarm,
  isSamePicture,
  levelOf,
  reducedProfile,
  rungs,
  stepsFor,
} from "../../../server/guard/ladder.js";

const nothingElse = { dual: false, mjpeg: false, warm: false };
const profileOf = (change: Partial<Profile>): Profile => ({ ...defaultProfile, ...change });

describe("B2 reducedProfile", () => {
  it.each<[Partial<Profile>, Partial<Profile>, Partial<Profile>]>([
    [{}, { width: 640, height: 480, fps: 15 }, { width: 320, height: 240, fps: 15 }],
    [
      { width: 1280, height: 720, fps: 60 },
      { width: 1280, height: 720, fps: 15 },
      { width: 320, height: 180, fps: 15 },
    ],
    [{ fps: 10 }, { width: 640, height: 480, fps: 10 }, { width: 320, height: 240, fps: 10 }],
    [{ width: 320, height: 240, fps: 5 }, { fps: 5 }, { width: 320, height: 240, fps: 5 }],
    [
      { width: 160, height: 1080 },
      { width: 160, height: 1080 },
      { width: 160, height: 240 },
    ],
    [
      { width: 1920, height: 120 },
      { width: 1920, height: 120 },
      { width: 320, height: 120 },
    ],
    [{ bitrateKbps: 2000 }, { bitrateKbps: 2000 }, { bitrateKbps: null }],
    [{ bitrateKbps: 200 }, { bitrateKbps: 200 }, { bitrateKbps: 200 }],
  ])("%j: slower %j, smaller %j", (profile, slower, smaller) => {
    expect(reducedProfile(profileOf(profile), "slower")).toMatchObject(slower);
    expect(reducedProfile(profileOf(profile), "smaller")).toMatchObject(smaller);
    expect(reducedProfile(profileOf(profile), "normal")).toEqual(profileOf(profile));
  });

  const someProfile = fc.record({
    width: fc.integer({ min: 80, max: 960 }).map((half) => half * 2),
    height: fc.integer({ min: 60, max: 540 }).map((half) => half * 2),
    fps: fc.constantFrom(...frameRates),
    bitrateKbps: fc.option(fc.integer({ min: 100, max: 20_000 })),
  });

  it("for any profile gives one that is allowed, within the rung, in about the same shape, and never enlarges", () => {
    fc.assert(
      fc.property(someProfile, fc.constantFrom(...rungs), (change, rung) => {
        const profile = profileOf(change);
        const reduced = reducedProfile(profile, rung);
        expect(profileSchema.parse(reduced)).toEqual(reduced);
        expect(reduced.width).toBeLessThanOrEqual(profile.width);
        expect(reduced.height).toBeLessThanOrEqual(profile.height);
        expect(reduced.fps).toBeLessThanOrEqual(profile.fps);
        if (profile.bitrateKbps === null) expect(reduced.bitrateKbps).toBeNull();
        else expect(reduced.bitrateKbps ?? 0).toBeLessThanOrEqual(profile.bitrateKbps);
        if (rung === "normal" || rung === "single") {
          expect(reduced).toEqual(profile);
          return;
        }
        expect(reduced.fps).toBeLessThanOrEqual(15);
        if (rung === "slower") return;
        expect(reduced.width).toBeLessThanOrEqual(320);
        expect(reduced.height).toBeLessThanOrEqual(240);
        if (reduced.width === 160 || reduced.height === 120) return;
        // Within the pixel that even numbers cost.
        expect(Math.abs(reduced.width * profile.height - reduced.height * profile.width)).toBeLessThanOrEqual(
          profile.height + profile.width,
        );
      }),
    );
  });

  it("has steps that each change something, in order, and one at least", () => {
    fc.assert(
      fc.property(someProfile, (change) => {
        const profile = profileOf(change);
        const steps = stepsFor(profile, nothingElse);
        expect(steps.length).toBeGreaterThan(0);
        const pictures = [profile, ...steps.map((step) => reducedProfile(profile, step))];
        for (const [n, picture] of pictures.entries()) {
          const next = pictures[n + 1];
          if (next !== undefined && steps.length > 1) expect(isSamePicture(picture, next)).toBe(false);
        }
      }),
    );
  });

  it.each([
    [{}, ["slower", "smaller"]],
    [{ fps: 15 }, ["smaller"]],
    [{ width: 320, height: 240 }, ["slower"]],
    [{ width: 320, height: 240, fps: 15 }, ["smaller"]],
  ] as const)("steps of %j: %j", (profile, steps) => {
    expect(stepsFor(profileOf(profile), nothingElse)).toEqual(steps);
  });

  it("has steps for what is in use besides, and then needs none that changes nothing", () => {
    const small = profileOf({ width: 320, height: 240, fps: 15 });
    expect(stepsFor(small, { ...nothingElse, mjpeg: true })).toEqual(["mjpegOff"]);
    expect(stepsFor(small, { ...nothingElse, warm: true })).toEqual(["warmOff"]);
    expect(stepsFor(small, { ...nothingElse, dual: true })).toEqual(["single"]);
    const all = { dual: true, mjpeg: true, warm: true };
    expect(stepsFor(defaultProfile, all)).toEqual(["single", "slower", "smaller", "mjpegOff", "warmOff"]);
  });

  it("takes nothing back that a rung before took away", () => {
    expect(rungs.map(allowsDual)).toEqual([true, false, false, false, false, false, false]);
    expect(rungs.map(allowsMjpeg)).toEqual([true, true, true, true, false, false, false]);
    expect(rungs.map(allowsWarm)).toEqual([true, true, true, true, true, false, false]);
  });

  it("asks a camera for no small picture that it has refused, and has no step for it", () => {
    const slow = reducedProfile(defaultProfile, "slower");
    expect(reducedProfile(defaultProfile, "smaller", false)).toEqual(slow);
    expect(reducedProfile(defaultProfile, "warmOff", false)).toEqual(slow);
    expect(stepsFor(defaultProfile, nothingElse, false)).toEqual(["slower"]);
  });
});

describe("levelOf", () => {
  it("names the rungs for people", () => {
    expect(rungs.map(levelOf)).toEqual(["normal", "reduced", "reduced", "reduced", "reduced", "reduced", "stopped"]);
  });
});
