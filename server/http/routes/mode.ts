import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { committed } from "../switch-answer.js";
import { modeRequestSchema, modeViewSchema } from "../wire.js";

/** Cameras off (privacy, A1), one at a time, or all of them at once (A10). */
export function modeRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/mode",
      access: "viewer",
      summary: "The mode",
      answers: { 200: { description: "The mode now", schema: modeRequestSchema } },
      errors: [],
      handle: () => ok({ mode: service.mode() }),
    }),
    jsonRoute({
      method: "put",
      path: "/api/mode",
      access: "operator",
      audit: "modeChanged",
      summary: "Change the mode and wait until it holds",
      body: modeRequestSchema,
      answers: { 200: { description: "The mode holds", schema: modeViewSchema } },
      errors: ["tooFewCameras", "guardForbids", "drillRunning", "superseded", "switchFailed", "stateUnusable"],
      async handle({ body }) {
        const view = await service.setMode(body.mode);
        if (view.receipt !== null) committed(view.receipt);
        return ok(view);
      },
    }),
  ];
}
