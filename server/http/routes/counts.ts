import { z } from "zod";
import { wholeNumber } from "../page-query.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { countsSchema } from "../wire-protection.js";

const span = z.strictObject({
  hours: wholeNumber("must be a whole number from 1 to 720")
    .pipe(z.number().min(1).max(720))
    .default(24)
    .meta({ description: "How many hours back, from 1 to 720, the present one included" }),
});

/** Counts of each hour, for operators (B4). */
export function countsRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/counts",
      access: "viewer",
      summary: "Switches, time over thresholds and viewers, by the hour; kept for 30 days",
      query: span,
      answers: { 200: { description: "Hours of which something is known, oldest first", schema: countsSchema } },
      errors: ["badRequest"],
      handle: ({ query }) => ok(service.protection.counts(query.hours)),
    }),
  ];
}
