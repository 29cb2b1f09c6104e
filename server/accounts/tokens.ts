import { jwtVerify, SignJWT } from "jose";
import { roles, type Role } from "./role.js";

const issuer = "smart-toggle";
const algorithm = "HS256";
/** Ours have about 220 characters. */
const longest = 1024;
/** How long a command of this machine may take, in seconds. */
const localSeconds = 15 * 60;

/** What a token says. Whether that still holds (the session was ended, the account disabled) is not its matter. */
export type TokenClaims =
  | { readonly kind: "session"; readonly session: string; readonly expiresAt: number }
  | { readonly kind: "local"; readonly role: Role; readonly expiresAt: number };

/** Signed tokens (JWT, HMAC-SHA-256). The role is not in them: it is the account's, as it is now. */
export class Tokens {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** `expiresAt` in milliseconds since the Unix epoch. */
  ofSession(session: string, expiresAt: number): Promise<string> {
    return this.#sign({ sid: session }, Math.floor(expiresAt / 1000));
  }

  /** For a command on this machine, such as `smart-toggle drill`: whoever can read the key may do everything anyway. */
  ofCommand(): Promise<string> {
    return this.#ofThisDevice("administrator");
  }

  /** For the controller's own look at what players get. */
  ofReadBack(): Promise<string> {
    return this.#ofThisDevice("viewer");
  }

  /** Null: not ours, changed, or expired. Never rejects. */
  async read(token: string): Promise<TokenClaims | null> {
    if (token.length > longest) return null;
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        issuer,
        algorithms: [algorithm],
        requiredClaims: ["exp"],
      });
      const expiresAt = (payload.exp ?? 0) * 1000;
      const role = roles.find((name) => name === payload["local"]);
      if (role !== undefined) return { kind: "local", role, expiresAt };
      const session = payload["sid"];
      return typeof session === "string" ? { kind: "session", session, expiresAt } : null;
    } catch {
      return null;
    }
  }

  #ofThisDevice(role: Role): Promise<string> {
    return this.#sign({ local: role }, Math.floor(Date.now() / 1000) + localSeconds);
  }

  #sign(claims: Record<string, unknown>, expiresAtSeconds: number): Promise<string> {
    const token = new SignJWT(claims).setProtectedHeader({ alg: algorithm }).setIssuer(issuer);
    return token.setIssuedAt().setExpirationTime(expiresAtSeconds).sign(this.#key);
  }
}
