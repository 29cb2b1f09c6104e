import { expect, test } from "vitest";
import { keyAt, settingKeys } from "../../../server/config/setting-keys.js";

test("every key has a description, and milliseconds and sizes a unit", () => {
  for (const { path, description, unit } of settingKeys) {
    expect(description, path).not.toBe("");
    if (/(Ms|Seconds|Kbps|\.seconds)$/.test(path)) expect(unit, path).not.toBeNull();
  }
});

test("run-time keys are those of profiles, order, rotation, rest, retention, plans, networks and the limit by hand", () => {
  const runtime = settingKeys.filter((key) => key.runtime).map(({ path }) => path.split(".").slice(0, 2).join("."));
  expect(new Set(runtime)).toEqual(
    new Set([
      ...["cameras.order", "cameras.profiles", "rotation.enabled", "rotation.seconds", "recording.plans"],
      ...["recording.handLimitSeconds", "idle.stopAfterSeconds", "access.allow"],
      ...["recording.keepDays", "recording.maxGb", "recording.minFreeHours", "recording.minFreeMb"],
    ]),
  );
});

test("keyAt knows concrete paths only", () => {
  expect(keyAt("cameras.profiles.7.width")?.path).toBe("cameras.profiles.*.width");
  expect(keyAt("cameras.profiles.8.width")).toBeUndefined();
  expect(keyAt("cameras.profiles.*.width")).toBeUndefined();
  expect(keyAt("http")).toBeUndefined();
});
