import { hostname } from "node:os";
import type { Auth } from "../accounts/auth.js";
import { SetUpToken } from "../accounts/set-up-token.js";
import type { Settings } from "../config/schema.js";
import { publicAddress } from "../config/tls-files.js";
import { AppError } from "../lib/errors.js";
import { namesOfHost } from "../lib/host-name.js";
import type { Log } from "../lib/log.js";

/** The page with the token behind `#`, which no browser sends and no proxy writes down. */
function linkWith(token: string, settings: Settings): string {
  const [, , local = "localhost"] = namesOfHost(hostname());
  return `${publicAddress(local, settings)}/#set-up=${token}`;
}

/** While there is no administrator, the log says how to make one: there is no default password. */
export function tellSetUp(auth: Auth, settings: Settings, log: Log): void {
  const token = auth.kind === "accounts" ? auth.accounts.setUpToken() : null;
  if (token === null) return;
  log.warn(`nobody can sign in yet. Make the administrator at ${linkWith(token, settings)}`);
}

/** For the command: the present link, or a new one for who cannot sign in any more. Throws `accountsOff`, `stateUnusable`. */
export function setUpLink(settings: Settings): string {
  if (settings.access.auth === "off") throw new AppError("accountsOff", "There are no accounts: access.auth is off.");
  const made = new SetUpToken(settings.paths.state).readOrMake();
  if (new SetUpToken(settings.paths.state).read() === made) return linkWith(made, settings);
  const advice = "Run this as the user of the service, or as root.";
  throw new AppError("stateUnusable", `The state folder ${settings.paths.state} cannot be written. ${advice}`);
}
