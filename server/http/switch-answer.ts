import { RequestError } from "./problem.js";
import type { Receipt } from "./wire.js";

/** The receipt, if its switch was committed. Throws `switchFailed` with the receipt otherwise. */
export function committed(receipt: Receipt): Receipt {
  if (receipt.outcome === "committed") return receipt;
  const why = receipt.reason?.message ?? "The reason is not known.";
  const after = receipt.outcome === "rolledBack" ? `Camera ${receipt.live} is live as before.` : "No camera is live.";
  throw new RequestError("switchFailed", `${why} ${after}`, { receipt });
}
