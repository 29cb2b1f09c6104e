import { z } from "zod";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { committed } from "../switch-answer.js";
import { alreadyLiveSchema, receiptSchema, switchAcceptedSchema, switchRequestSchema } from "../wire.js";

const query = z.strictObject({
  wait: z
    .enum(["true", "false"])
    .default("true")
    .meta({ description: "false: answer at once, with the address of the receipt" }),
});

/** The switch itself (A1–A5): waits and answers the receipt, unless told not to wait. */
export function switchRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "post",
      path: "/api/switch",
      access: "operator",
      summary: "Switch to a camera",
      query,
      body: switchRequestSchema,
      answers: {
        200: { description: "Committed, or live already", schema: z.union([receiptSchema, alreadyLiveSchema]) },
        202: {
          description: "Accepted; Location is the address of the receipt, or of the status while the request waits",
          schema: switchAcceptedSchema,
        },
      },
      errors: ["unknownCamera", "superseded", "modeForbids", "guardStopped", "switchFailed"],
      async handle({ query: { wait }, body: { camera } }) {
        const requested = service.requestSwitch(camera);
        if (requested.alreadyLive) return ok({ outcome: "alreadyLive", live: requested.live });
        if (wait === "true") return ok(committed(await requested.receipt));
        // Nobody waits for it: how it ends stands in the receipt.
        requested.receipt.catch(() => undefined);
        const { id } = requested;
        const location = id === null ? "/api/status" : `/api/switches/${id}`;
        return { status: 202, body: { id }, headers: { Location: location } };
      },
    }),
  ];
}
