import type { Receipt, ReceiptPage } from "../../server/http/wire.js";
import type { Product } from "./product.js";

/** Every receipt that the product keeps, newest first, page by page. */
export async function allReceipts(product: Product): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (let before: string | null = ""; before !== null;) {
    const page: ReceiptPage = (await product.api<ReceiptPage>(`/api/switches?limit=200${before}`)).body;
    receipts.push(...page.receipts);
    before = page.next === null ? null : `&before=${page.next}`;
  }
  return receipts;
}
