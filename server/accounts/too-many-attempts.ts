import { AppError } from "../lib/errors.js";

/** Too many attempts failed; how long to wait. */
export class TooManyAttempts extends AppError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super("tooManyAttempts", `Too many attempts failed. Try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
