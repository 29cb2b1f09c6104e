import type { ReceiptBook } from "./camera-switcher.js";
import type { NewReceipt, ReceiptEnd } from "./receipts.js";
import type { Receipt } from "./switch-types.js";

/**
 * The receipts of one camera in dual mode. A change of its picture is a switch of its own; that it was turned on or off
 * stands in the receipt of the mode's change, and is kept here only until it is answered.
 */
export class OwnReceipts implements ReceiptBook {
  readonly #kept: ReceiptBook;
  readonly #quiet = new Map<number, Receipt>();
  #lastQuiet = 0;

  constructor(kept: ReceiptBook) {
    this.#kept = kept;
  }

  open(receipt: NewReceipt): number {
    if (receipt.trigger !== "mode") return this.#kept.open(receipt);
    const id = --this.#lastQuiet;
    this.#quiet.set(id, { ...receipt, id, outcome: null, live: null, reason: null, totalMs: null, steps: [] });
    return id;
  }

  complete(id: number, end: ReceiptEnd): Receipt {
    const opened = this.#quiet.get(id);
    if (opened === undefined) return this.#kept.complete(id, end);
    this.#quiet.delete(id);
    return { ...opened, ...end, steps: [...end.steps] };
  }
}
