import { existsSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import type { Auth } from "../accounts/auth.js";
import { SetUpToken } from "../accounts/set-up-token.js";
import type { Settings } from "../config/schema.js";
import { publicAddress } from "../config/tls-files.js";
import { AppError } from "../lib/errors.js";
import { hostOf, namesOfHost } from "../lib/host-name.js";
import type { Log } from "../lib/log.js";

/** Addresses that lead to this machine alone. */
const isLoopback = (name: string): boolean => /^(?:127\.|\[?::1\]?$|localhost$)/.test(name);

/**
 * What people type to reach the page. Not every network knows `NAME.local`, so the first address of IPv4 stands beside it;
 * with an address of its own to listen on, it is that one alone. Pure.
 */
export function namesToOpen(listens: string, host: string, addresses: readonly string[]): string[] {
  if (listens !== "*") return [hostOf(listens.includes(":") ? `[${listens}]` : listens) ?? listens];
  const [, , local = "localhost"] = namesOfHost(host);
  return [local, ...addresses.slice(0, 1)];
}

/** The page with the token behind `#`, which no browser sends and no proxy writes down. */
function linksWith(token: string, settings: Settings): string[] {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const addresses = own.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address);
  const names = namesToOpen(settings.nginx.address, hostname(), addresses);
  return names.map((name) => `${publicAddress(name, settings)}#set-up=${token}`);
}

/** How somebody gets in: with the set-up link while there is no administrator, or like everybody where there are no accounts. */
export function tellDoor(auth: Auth, settings: Settings, log: Log): void {
  if (auth.kind === "off") {
    if (isLoopback(settings.nginx.address)) return;
    log.warn("there are no accounts (access.auth is off): whoever reaches the page may watch and change everything");
    return;
  }
  const token = auth.accounts.setUpToken();
  if (token === null) return;
  log.warn(`nobody can sign in yet. Make the administrator, once, at ${linksWith(token, settings).join(" or ")}`);
}

/** For the command: the present link, or a new one for who cannot sign in any more. Throws `accountsOff`, `stateUnusable`. */
export function setUpLinks(settings: Settings): readonly string[] {
  if (settings.access.auth === "off") throw new AppError("accountsOff", "There are no accounts: access.auth is off.");
  const made = new SetUpToken(settings.paths.state).readOrMake();
  if (new SetUpToken(settings.paths.state).read() === made) return linksWith(made, settings);
  if (!existsSync(settings.paths.state)) {
    const message = `There is no state folder ${settings.paths.state}: no service has run with these settings.`;
    throw new AppError("stateUnusable", message);
  }
  const advice = "Run this as the user of the service, or as root.";
  throw new AppError("stateUnusable", `The state folder ${settings.paths.state} cannot be written. ${advice}`);
}

/** The present link, where one waits to be used; none is made. */
export function waitingSetUpLinks(settings: Settings): readonly string[] {
  const token = settings.access.auth === "off" ? null : new SetUpToken(settings.paths.state).read();
  return token === null ? [] : linksWith(token, settings);
}
