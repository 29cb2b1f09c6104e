import { z } from "zod";
import { AppError } from "../../lib/errors.js";
import { pageQuery } from "../page-query.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { receiptPageSchema, receiptSchema } from "../wire.js";

/** Receipts of switches, kept over restarts. */
export function switchesRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/switches",
      access: "viewer",
      summary: "Receipts of switches, newest first",
      query: pageQuery("receipt"),
      answers: { 200: { description: "One page", schema: receiptPageSchema } },
      errors: ["badRequest"],
      handle: ({ query }) => ok(service.receipts(query)),
    }),
    jsonRoute({
      method: "get",
      path: "/api/switches/:id",
      access: "viewer",
      summary: "One receipt",
      params: z.object({ id: z.string().meta({ description: "Number of the switch" }) }),
      answers: { 200: { description: "The receipt; without outcome while the switch runs", schema: receiptSchema } },
      errors: ["notFound"],
      handle({ params: { id } }) {
        const receipt = /^\d{1,15}$/.test(id) ? service.receipt(Number(id)) : undefined;
        if (receipt === undefined) throw new AppError("notFound", `There is no switch ${id}.`);
        return ok(receipt);
      },
    }),
  ];
}
