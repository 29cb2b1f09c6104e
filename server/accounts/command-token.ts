import type { Settings } from "../config/schema.js";
import { AppError } from "../lib/errors.js";
import { readSigningKey, signingKeyPath } from "./signing-key.js";
import { Tokens } from "./tokens.js";

/**
 * What a command on this machine shows to the service it asks; none where there are no accounts. Rejects `notAllowed` for a
 * user who cannot read the state folder, and `controllerDown` where no service ever ran.
 */
export async function commandHeaders({ access, paths }: Settings): Promise<Record<string, string>> {
  if (access.auth === "off") return {};
  try {
    return { Authorization: `Bearer ${await new Tokens(readSigningKey(paths.state)).ofCommand()}` };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      const message = `The state folder ${paths.state} has no ${signingKeyPath("")}: no service has run with these settings.`;
      throw new AppError("controllerDown", message, { cause });
    }
    const message = `${signingKeyPath(paths.state)} cannot be read. Run this as the user of the service, or as root.`;
    throw new AppError("notAllowed", message, { cause });
  }
}
