import type { Accounts } from "./accounts.js";

/** Whether anybody is asked who they are (`access.auth`). */
export type Auth = { readonly kind: "off" } | { readonly kind: "accounts"; readonly accounts: Accounts };
