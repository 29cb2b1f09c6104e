import { describe, expect, it } from "vitest";
import { incidentOf } from "../../../server/app/protection/recorder-incidents.js";
import type { RecorderEvent } from "../../../server/recording/messages.js";

const gap = { channel: "main", camera: 1, fromMs: 1000, toMs: 3500, message: "The recorder was not running." };

describe("what the recorder tells a person", () => {
  it.each<[string, RecorderEvent, object]>([
    [
      "a pause, with its reason",
      { kind: "paused", problem: { code: "diskFull", message: "Full.", sinceMs: 1 } },
      { code: "diskFull", severity: "error", message: "Full." },
    ],
    [
      "a piece that is missing by its own fault, and how long it is",
      { kind: "gap", gap: { ...gap, code: "recorderRestarted" } },
      { code: "recordingIncomplete", camera: 1, message: expect.stringContaining("2.5 s are missing") as unknown },
    ],
    ["a disk that fills", { kind: "spaceLow", freeBytes: 5e8 }, { code: "recordingSpaceLow", value: 5e8 }],
    [
      "a damaged catalogue",
      { kind: "catalogueSetAside", path: "a.damaged", reason: "malformed" },
      { code: "catalogueDamaged", severity: "error" },
    ],
    ["a damaged file", { kind: "setAside", path: "a.mp4", reason: "Cut." }, { code: "recordingSetAside" }],
  ])("%s", (_, event, incident) => {
    expect(incidentOf(event)).toMatchObject({ kind: "storage", ...incident });
  });

  it.each<[string, RecorderEvent]>([
    ["recording that was off", { kind: "gap", gap: { ...gap, code: "recordingOff" } }],
    ["a channel without a picture, which the ledger has", { kind: "gap", gap: { ...gap, code: "noPicture" } }],
    ["a finished file", { kind: "finished", id: 1, channel: "main", camera: 0 }],
    ["a try that is followed by another", { kind: "finishFailed", path: "a", reason: "b" }],
  ])("nothing of %s", (_, event) => {
    expect(incidentOf(event)).toBeNull();
  });
});
