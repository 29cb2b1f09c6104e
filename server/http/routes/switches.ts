import { z } from "zod";
import { AppError } from "../../lib/errors.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { receiptPageSchema, receiptSchema } from "../wire.js";

const wholeNumber = (text: string) => z.stringFormat("whole number", /^\d{1,15}$/, { error: text }).transform(Number);

const page = z.strictObject({
  limit: wholeNumber("must be a whole number from 1 to 200")
    .pipe(z.number().min(1).max(200))
    .default(20)
    .meta({ description: "Number of receipts, from 1 to 200" }),
  before: wholeNumber("must be the number of a receipt")
    .exactOptional()
    .meta({ description: "Only receipts older than the one of this number" }),
});

/** Receipts of switches, kept over restarts. */
export function switchesRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/switches",
      summary: "Receipts of switches, newest first",
      query: page,
      answers: { 200: { description: "One page", schema: receiptPageSchema } },
      errors: ["badRequest"],
      handle: ({ query }) => ok(service.receipts(query)),
    }),
    jsonRoute({
      method: "get",
      path: "/api/switches/:id",
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
