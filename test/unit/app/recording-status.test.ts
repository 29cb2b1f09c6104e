import { describe, expect, it } from "vitest";
import { recordingStatus, type RecordingFacts } from "../../../server/app/recording/recording-status.js";
import { settingsSchema } from "../../../server/config/schema.js";
import { enoughBytes } from "../../../server/recording/storage/space-watch.js";

/** Nothing is recorded, and the recorder rests. */
const atRest: RecordingFacts = {
  ...{ cameras: [], shown: [], away: null, recorder: null, space: null, totals: null, nowMs: 0, epochMs: 0 },
};
const withFree = (freeBytes: number) => recordingStatus({ ...atRest, space: { freeBytes, totalBytes: 64e9 } });

describe("E4 room for recordings, as the page and the API are told", () => {
  it("is known while the recorder rests, and unknown is never none", () => {
    expect(withFree(5e9)).toMatchObject({ freeBytes: 5e9, totalBytes: 64e9, spaceLow: false });
    expect(recordingStatus(atRest)).toMatchObject({
      freeBytes: null,
      totalBytes: null,
      spaceLow: false,
      problem: null,
    });
  });

  it("is little below 1 GB", () => {
    expect([withFree(1e9 - 1).spaceLow, withFree(1e9).spaceLow]).toEqual([true, false]);
  });

  it("is not little where retention keeps as much free as it does by default, with the files of some minutes beside it", () => {
    const { minFreeMb } = settingsSchema.parse({}).recording;
    expect(minFreeMb * 1e6 - enoughBytes).toBeGreaterThan(200e6);
  });
});
