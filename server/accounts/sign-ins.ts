import type { Clock } from "../lib/clock.js";
import { addressGroup, Attempts } from "./attempts.js";
import type { Audit } from "./audit.js";
import { nameKey, type People } from "./people.js";
import type { Passwords } from "./passwords.js";
import { TooManyAttempts } from "./too-many-attempts.js";
import { AppError } from "../lib/errors.js";

const windowMs = 5 * 60_000;
/** A person mistypes a few times; behind one address there may be several. */
const mostOfName = 10;
const mostOfAddress = 20;
/** Names and addresses that are kept at once: some 200 KB at the most. */
const kept = 2000;

export interface SignInsParts {
  readonly people: People;
  readonly passwords: Passwords;
  readonly audit: Audit;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/** Proves who somebody is by name and password, and only so often. A wrong name costs what a wrong password costs. */
export class SignIns {
  readonly #p: SignInsParts;
  readonly #byName: Attempts;
  readonly #byAddress: Attempts;

  constructor(parts: SignInsParts) {
    this.#p = parts;
    this.#byName = new Attempts({ most: mostOfName, windowMs, kept }, parts.clock);
    this.#byAddress = new Attempts({ most: mostOfAddress, windowMs, kept }, parts.clock);
  }

  /** Number of the account. Rejects `wrongCredentials`, `tooManyAttempts`, `tooManyClients`. */
  async prove(name: string, password: string, address: string): Promise<number> {
    this.begin(name, address);
    const account = this.#p.people.named(name);
    const fits = await this.#p.passwords.matches(password, account?.password ?? null);
    // As it is now: it may have been disabled, or its password changed, while the hash was made.
    const now = account && this.#p.people.get(account.id);
    if (fits && now?.enabled === true && now.password === account?.password) {
      this.forgive(name, address);
      return now.id;
    }
    // A name that nobody has may be a password in the wrong field: it is not written down.
    this.#p.audit.note("signInFailed", { who: null, subject: account?.name ?? null, address });
    throw new AppError("wrongCredentials", "Name or password is wrong.");
  }

  /** Counts an attempt. Throws `tooManyAttempts`, which is noted when it begins. */
  begin(name: string, address: string): void {
    const [who, from] = [nameKey(name), addressGroup(address)];
    const seconds = Math.max(this.#byName.waitSeconds(who) ?? 0, this.#byAddress.waitSeconds(from) ?? 0);
    if (seconds > 0) throw new TooManyAttempts(seconds);
    this.#byName.begin(who);
    this.#byAddress.begin(from);
    if (this.#byName.waitSeconds(who) === null && this.#byAddress.waitSeconds(from) === null) return;
    this.#p.audit.note("signInLimited", { who: null, subject: this.#p.people.named(name)?.name ?? null, address });
  }

  forgive(name: string, address: string): void {
    this.#byName.forgive(nameKey(name));
    this.#byAddress.forgive(addressGroup(address));
  }
}
