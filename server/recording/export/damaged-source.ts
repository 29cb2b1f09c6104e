import { basename } from "node:path";
import { AppError } from "../../lib/errors.js";

/** A recording that an export needs is not what the catalogue says, or is not there. */
export class DamagedSource extends AppError {
  /** Name of its file. */
  readonly recording: string;

  constructor(path: string, why: string) {
    const recording = basename(path);
    super("exportDamaged", `${recording} is damaged (${why}). Export up to it, and from behind it on.`);
    this.recording = recording;
  }
}
