import { isDeepStrictEqual } from "node:util";
import type { Settings, SettingsInput } from "../config/schema.js";
import { AppError } from "../lib/errors.js";
import { loopback, Networks } from "../lib/networks.js";
import { RequestError } from "./problem.js";

/** Who is let in by `access.allow`: everybody while it is empty, and the machine itself always. */
export class AllowList {
  readonly #now: () => readonly string[];
  #read: readonly string[] = [];
  #networks: Networks | null = null;

  /** `now` gives the list as it is: it may change while the service runs. */
  constructor(now: () => readonly string[]) {
    this.#now = now;
  }

  admits(address: string): boolean {
    const list = this.#now();
    if (list !== this.#read) {
      this.#read = list;
      this.#networks = networksOf(list);
    }
    return this.#networks?.has(address) !== false;
  }
}

/** Null: everybody. */
function networksOf(list: readonly string[]): Networks | null {
  return list.length === 0 ? null : new Networks([...loopback, ...list]);
}

/**
 * Looks at a change of `access.allow` before it happens. Throws `badRequest` when it would lock out who asks from this
 * address, and `modeForbids` when NGINX is the system's: it gives out the picture itself, and would not hear of it.
 */
export function checkAllow(document: SettingsInput, address: string, { access, nginx }: Settings): void {
  const list = document.access?.allow;
  if (list === undefined || isDeepStrictEqual(list, access.allow)) return;
  if (!nginx.managed) {
    const advice = "Set access.allow in settings.json, and give NGINX what “smart-toggle nginx-config” prints then.";
    throw new AppError("modeForbids", `NGINX is run by the system (nginx.managed: false). ${advice}`);
  }
  if (networksOf(list)?.has(address) !== false) return;
  const message = `would lock you out: ${address}, from where you ask, is not in it. Add it, or its network.`;
  throw new RequestError("badRequest", `access.allow ${message}`, { errors: [{ field: "access.allow", message }] });
}
