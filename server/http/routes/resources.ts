import { z } from "zod";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { resourceHistorySchema, resourcesSchema } from "../wire-protection.js";

const mostMinutes = 10;

const span = z.strictObject({
  minutes: z
    .stringFormat("whole number", /^\d{1,3}$/, { error: `must be a whole number from 1 to ${mostMinutes}` })
    .transform(Number)
    .pipe(z.number().min(1).max(mostMinutes))
    .default(mostMinutes)
    .meta({ description: `How far back, from 1 to ${mostMinutes}` }),
});

/** Figures of the machine (B1). */
export function resourcesRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/resources",
      access: "viewer",
      summary: "Load, memory, temperature and space",
      answers: {
        200: { description: "The newest figures; null before the first", schema: resourcesSchema.nullable() },
      },
      errors: [],
      handle: () => ok(service.protection.resources()),
    }),
    jsonRoute({
      method: "get",
      path: "/api/resources/history",
      access: "viewer",
      summary: "Load, memory and temperature of the last minutes, to be plotted",
      query: span,
      answers: { 200: { description: "One row for each second, oldest first", schema: resourceHistorySchema } },
      errors: ["badRequest"],
      handle: ({ query }) => ok(service.protection.resourceHistory(query.minutes)),
    }),
  ];
}
