import { z } from "zod";
import { AppError } from "../../lib/errors.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { liveClientClosedSchema, liveClientsSchema } from "../wire-live.js";

/** Who watches the MJPEG streams (D5). */
export function liveClientsRoutes({ liveViews: live }: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/live/clients",
      access: "viewer",
      summary: "MJPEG viewers, and how many there may be",
      answers: { 200: { description: "Oldest first", schema: liveClientsSchema } },
      errors: [],
      handle: () => ok(live.clients()),
    }),
    jsonRoute({
      method: "delete",
      path: "/api/live/clients/:id",
      access: "operator",
      summary: "End the stream of one viewer",
      params: z.object({ id: z.string().meta({ description: "Number of the viewer" }) }),
      answers: { 200: { description: "It has ended", schema: liveClientClosedSchema } },
      errors: ["notFound"],
      handle({ params: { id } }) {
        if (!live.closeClient(Number(id))) throw new AppError("notFound", `There is no viewer ${id.slice(0, 20)}.`);
        return ok({ closed: true });
      },
    }),
  ];
}
