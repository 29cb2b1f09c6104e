import { RequestError } from "./problem.js";
import type { AlreadyLive, Receipt } from "./wire.js";

/** What came of a request, if the camera it asked for is live. Throws `switchFailed` with the receipt otherwise. */
export function committed(receipt: Receipt | AlreadyLive): Receipt | AlreadyLive {
  if (receipt.outcome === "committed" || receipt.outcome === "alreadyLive") return receipt;
  const why = receipt.reason?.message ?? "The reason is not known.";
  const after = receipt.outcome === "rolledBack" ? `Camera ${receipt.live} is live as before.` : "No camera is live.";
  throw new RequestError("switchFailed", `${why} ${after}`, { receipt });
}
