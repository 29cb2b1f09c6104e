/** What the API says of protection while nothing ever happened. */
import type { Availability, GuardView } from "../../server/http/wire-protection.js";

const nothingObserved = { percent: null, observedMs: 0, missingMs: 0, plannedMs: 0, gaps: 0 };

const calmSpans = { hour: nothingObserved, day: nothingObserved, month: nothingObserved };
export const calmAvailability: Availability = { ...calmSpans, cameras: [] };

export const calmGuard: GuardView = {
  level: "normal",
  rung: "normal",
  since: 0,
  reason: null,
  backInMs: null,
  warnings: [],
};
