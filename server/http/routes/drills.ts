import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { drillRequestSchema, drillViewSchema } from "../wire-protection.js";

/** Drills: safe failures of the live system, and how long the picture took to come back. */
export function drillRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/drills",
      access: "viewer",
      summary: "The drills that run, or ran last",
      answers: { 200: { description: "Null when none ran since the start", schema: drillViewSchema.nullable() } },
      errors: [],
      handle: () => ok(service.protection.drill()),
    }),
    jsonRoute({
      method: "post",
      path: "/api/drills",
      access: "administrator",
      audit: "drillsRun",
      summary: "Run drills, one by one; the picture is interrupted for seconds",
      body: drillRequestSchema,
      answers: { 202: { description: "They have begun", schema: drillViewSchema } },
      errors: ["modeForbids", "drillRunning"],
      handle: ({ body: { names = [] } }) => ({ status: 202, body: service.protection.startDrills(names) }),
    }),
  ];
}
