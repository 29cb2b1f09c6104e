import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { AppError } from "../lib/errors.js";

/** argon2id with 19 MiB and two passes: the least that OWASP's cheat sheet for the storage of passwords names. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** More than this wait: somebody tries to keep the machine busy. */
const mostWaiting = 16;

/**
 * Hashes of passwords. One at a time, on a thread of libuv's pool and not on the loop that moves frames: 19 MiB and some
 * tens of milliseconds of one core, however many ask.
 */
export class Passwords {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #decoy = this.hash(randomBytes(32).toString("base64url"));

  /** Rejects `tooManyClients` when too many wait. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password.normalize("NFKC"), cost));
  }

  /**
   * Whether the password belongs to the hash; null stands for an account that does not exist, and takes as long as a
   * wrong password. Rejects `tooManyClients`.
   */
  async matches(password: string, stored: string | null): Promise<boolean> {
    const against = stored ?? (await this.#decoy);
    const fits = await this.#inTurn(() => verify(against, password.normalize("NFKC")));
    return fits && stored !== null;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= mostWaiting) {
      return Promise.reject(new AppError("tooManyClients", "Many sign in at this moment. Try again in a few seconds."));
    }
    this.#waiting += 1;
    const result = this.#last.then(work, work).finally(() => (this.#waiting -= 1));
    this.#last = result.catch(() => undefined);
    return result;
  }
}
