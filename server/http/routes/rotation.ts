import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { rotationRequestSchema, rotationViewSchema } from "../wire.js";

/** Automatic rotation (A6). */
export function rotationRoutes(service: SmartToggleService): Route[] {
  const answers = { 200: { description: "The rotation now", schema: rotationViewSchema } };
  return [
    jsonRoute({
      method: "get",
      path: "/api/rotation",
      access: "viewer",
      summary: "Automatic rotation and the time to its next switch",
      answers,
      errors: [],
      handle: () => ok(service.rotation()),
    }),
    jsonRoute({
      method: "put",
      path: "/api/rotation",
      access: "operator",
      summary: "Set the automatic rotation",
      body: rotationRequestSchema,
      answers,
      errors: ["setByEnvironment"],
      handle: async ({ body }) => ok(await service.setRotation(body)),
    }),
  ];
}
