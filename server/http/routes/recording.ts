import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import {
  recordingPlansSchema,
  recordingStartSchema,
  recordingStatusSchema,
  recordingStopSchema,
} from "../wire-recording.js";

/** What is recorded, and when (E1, E3). */
export function recordingRoutes({ recordings }: SmartToggleService): Route[] {
  const status = { 200: { description: "What is recorded now", schema: recordingStatusSchema } };
  const plans = { 200: { description: "The plan of each camera", schema: recordingPlansSchema } };
  return [
    jsonRoute({
      method: "get",
      path: "/api/recording/status",
      access: "viewer",
      summary: "What is recorded now, what hinders it, and how much room there is",
      answers: status,
      errors: [],
      handle: () => ok(recordings.status()),
    }),
    jsonRoute({
      method: "post",
      path: "/api/recording/start",
      access: "operator",
      audit: "recordingSteered",
      summary: "Record cameras by hand, without or with a limit",
      body: recordingStartSchema,
      answers: status,
      errors: ["unknownCamera", "neverRecorded"],
      handle: async ({ body }) => ok(await recordings.start(body)),
    }),
    jsonRoute({
      method: "post",
      path: "/api/recording/stop",
      access: "operator",
      audit: "recordingSteered",
      summary: "End the recording of these cameras, or of all",
      body: recordingStopSchema,
      answers: status,
      errors: ["unknownCamera"],
      handle: async ({ body }) => ok(await recordings.stop(body)),
    }),
    jsonRoute({
      method: "get",
      path: "/api/recording/plan",
      access: "viewer",
      summary: "When each camera is recorded",
      answers: plans,
      errors: [],
      handle: () => ok(recordings.plans()),
    }),
    jsonRoute({
      method: "put",
      path: "/api/recording/plan",
      access: "operator",
      audit: "settingsChanged",
      summary: "Set when cameras are recorded; those that are not named keep their plan",
      body: recordingPlansSchema,
      answers: plans,
      errors: ["unknownCamera", "setByEnvironment"],
      handle: async ({ body }) => ok(await recordings.setPlans(body)),
    }),
  ];
}
