import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { statusSchema } from "../wire.js";

/** Everything the page shows, at this moment. */
export function statusRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/status",
      access: "viewer",
      summary: "State of cameras, channels, switch, rotation and machine",
      answers: { 200: { description: "The state now", schema: statusSchema } },
      errors: [],
      handle: () => ok(service.status()),
    }),
  ];
}
