import type { Receipt } from "../../../server/http/wire.js";

/** How many switches the page lists. */
export const listedReceipts = 20;

/** The list with one more receipt (or a newer state of one it has), newest first. */
export function withReceipt(list: readonly Receipt[], receipt: Receipt): readonly Receipt[] {
  const others = list.filter((known) => known.id !== receipt.id);
  return [...others, receipt].sort((a, b) => b.id - a.id).slice(0, listedReceipts);
}
