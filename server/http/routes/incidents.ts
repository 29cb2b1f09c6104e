import { pageQuery } from "../page-query.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { incidentPageSchema } from "../wire-protection.js";

/** What went wrong, what was done about it, and what a person must do. */
export function incidentsRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/incidents",
      access: "viewer",
      summary: "Incidents, newest first; kept for 30 days",
      query: pageQuery("incident"),
      answers: { 200: { description: "One page", schema: incidentPageSchema } },
      errors: ["badRequest"],
      handle: ({ query }) => ok(service.protection.incidents(query)),
    }),
  ];
}
