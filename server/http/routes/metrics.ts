import type { Route } from "../route.js";
import type { SmartToggleService } from "../service.js";

/** Figures for Prometheus. */
export function metricsRoutes(service: SmartToggleService): Route[] {
  return [
    {
      kind: "text",
      method: "get",
      path: "/metrics",
      access: "viewer",
      summary: "Figures for Prometheus, in its text format",
      answers: { 200: { description: "All metrics now", contentType: "text/plain" } },
      errors: [],
      page: () => service.protection.metrics(),
    },
  ];
}
