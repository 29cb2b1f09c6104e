import type { RecordingService } from "../../server/http/service-recording.js";
import type { RecordingStatus } from "../../server/http/wire-recording.js";
import { AppError } from "../../server/lib/errors.js";

export const calmRecording: RecordingStatus = {
  cameras: [0, 1].map((camera) => ({
    ...{ camera, mode: "manual", wanted: false, why: "waitsForHand", recording: false, since: null, elapsedMs: null },
    ...{ until: null, files: 0, bytes: 0, problem: null },
  })),
  problem: null,
  freeBytes: 20e9,
  totalBytes: 64e9,
  spaceLow: false,
  bytesPerHour: null,
  hoursLeft: null,
};

/** Nothing was ever recorded. */
export const calmRecordings: RecordingService = {
  status: () => calmRecording,
  start: () => Promise.resolve(calmRecording),
  stop: () => Promise.resolve(calmRecording),
  plans: () => ({ cameras: { 0: { mode: "manual", schedule: [] }, 1: { mode: "manual", schedule: [] } } }),
  setPlans: (plans) => Promise.resolve(plans),
  ask: () => Promise.reject(new AppError("recorderAway", "There is no recorder.")),
  folderOf: () => "/nonexistent",
};
