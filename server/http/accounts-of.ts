import type { Accounts } from "../accounts/accounts.js";
import type { Identity } from "../accounts/identity.js";
import { AppError } from "../lib/errors.js";
import type { Caller } from "./caller.js";
import type { Door } from "./door.js";

/** Throws `accountsOff`. */
export function accountsOf({ auth }: Door): Accounts {
  if (auth.kind === "accounts") return auth.accounts;
  throw new AppError("accountsOff", "Set access.auth to accounts and start the service again.");
}

/** Who asks, where the door let nobody else in. Throws `accountsOff`, `notSignedIn`. */
export function identityOf({ identity }: Caller): Identity {
  if (identity === null) throw new AppError("notSignedIn", "Sign in first.");
  return identity;
}
