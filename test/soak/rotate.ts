/** The soak in which the product switches by itself, and its own ledger is the witness. */
import { setTimeout as wait } from "node:timers/promises";
import type { Availability, Gap, GapPage } from "../../server/http/wire-protection.js";
import type { Receipt } from "../../server/http/wire.js";
import { allReceipts } from "../support/all-receipts.js";
import type { Product } from "../support/product.js";

/** What the ledger says of the time since the rotation began. */
export interface LedgerFacts {
  readonly availability: Availability;
  /** The newest two hundred. */
  readonly gaps: readonly Gap[];
}

const tellEveryMs = 300_000;

/** Rotates for so many hours and gives the receipts of that time. */
export async function rotateFor(
  product: Product,
  { hours, seconds }: { readonly hours: number; readonly seconds: number },
  signal: AbortSignal,
): Promise<Receipt[]> {
  const startedAt = Date.now();
  const endMs = performance.now() + hours * 3_600_000;
  await product.api("/api/rotation", { enabled: true, seconds }, "PUT");
  while (performance.now() < endMs && !signal.aborted) {
    await wait(Math.min(tellEveryMs, endMs - performance.now()), undefined, { signal }).catch(() => undefined);
    const { body } = await product.api<Availability>("/api/availability");
    console.log(`availability of the last hour: ${String(body.hour.percent)} %, ${body.hour.gaps} gaps`);
  }
  await product.api("/api/rotation", { enabled: false, seconds }, "PUT");
  const receipts = await allReceipts(product);
  return receipts.filter(({ requestedAt, outcome }) => requestedAt >= startedAt && outcome !== null).reverse();
}

export async function ledgerOf(product: Product, sinceEpochMs: number): Promise<LedgerFacts> {
  const availability = (await product.api<Availability>("/api/availability")).body;
  const { gaps } = (await product.api<GapPage>("/api/gaps?limit=200")).body;
  return { availability, gaps: gaps.filter(({ from }) => from >= sinceEpochMs) };
}
