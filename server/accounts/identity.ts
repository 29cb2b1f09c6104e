import type { Role } from "./role.js";

/** Who asks. */
export interface Identity {
  /** `session`: a person who signed in; `key`: a program; `local`: a command that can read the state folder. */
  readonly kind: "session" | "key" | "local";
  /** Of the session or the key. */
  readonly id: string;
  /** Number of the account; null: a program or a command. */
  readonly account: number | null;
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since the Unix epoch; null: never. */
  readonly expiresAt: number | null;
}

/** What came with a request to show who asks; null: nothing of this kind. */
export interface Credentials {
  readonly cookie: string | null;
  readonly bearer: string | null;
}
