import { AppError } from "../lib/errors.js";

/** Who has a place. */
export interface PlaceHolder {
  readonly address: string;
  /** For how long, in milliseconds. */
  readonly sinceMs: number;
}

/** All places for MJPEG viewers of one picture size are taken: `viewersFull`, with those who have them. */
export class ViewersFull extends AppError {
  readonly holders: readonly PlaceHolder[];

  constructor(size: string, holders: readonly PlaceHolder[]) {
    const addresses = holders.map(({ address }) => address).join(", ");
    super("viewersFull", `${holders.length} viewers watch at ${size} already: ${addresses}. Close one of them.`);
    this.holders = holders;
  }
}
