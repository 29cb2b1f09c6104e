import { z } from "zod";
import { pageQuery } from "../page-query.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { availabilitySchema, gapPageSchema } from "../wire-protection.js";

const gapQuery = pageQuery("gap").extend({
  channel: z
    .string()
    .max(20)
    .exactOptional()
    .meta({ description: "Only those of this channel: main, or a camera's own of dual mode, such as cam0" }),
});

/** When there was no fresh picture, and what share of the time that was. */
export function gapsRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/gaps",
      access: "viewer",
      summary: "Times without a fresh picture, newest first; kept for 30 days",
      query: gapQuery,
      answers: { 200: { description: "One page", schema: gapPageSchema } },
      errors: ["badRequest"],
      handle: ({ query }) => ok(service.protection.gaps(query)),
    }),
    jsonRoute({
      method: "get",
      path: "/api/availability",
      access: "viewer",
      summary: "Share of the time with a fresh picture, over an hour, a day and 30 days",
      answers: { 200: { description: "The shares now", schema: availabilitySchema } },
      errors: [],
      handle: () => ok(service.protection.availability()),
    }),
  ];
}
