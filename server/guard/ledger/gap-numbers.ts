import type { Connection } from "../../config/database.js";

/** Gives the next number of a gap: all channels share them, so that the newest of all is kept last. */
export function gapNumbers(db: Connection): () => number {
  let last = (db.prepare("SELECT max(id) AS id FROM gaps").get() as { id: number | null }).id ?? 0;
  return () => ++last;
}
