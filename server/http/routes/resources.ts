import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { resourcesSchema } from "../wire-protection.js";

/** Figures of the machine (B1). */
export function resourcesRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/resources",
      summary: "Load, memory, temperature and space",
      answers: {
        200: { description: "The newest figures; null before the first", schema: resourcesSchema.nullable() },
      },
      errors: [],
      handle: () => ok(service.protection.resources()),
    }),
  ];
}
