/** The service's API for sessions, accounts and keys, as the page uses it. */
import type {
  AccountsView,
  AccountView,
  AuditPage,
  KeysView,
  MadeKey,
  Role,
  SessionView,
} from "../../../server/http/wire-accounts.js";
import { call } from "../state/api.js";

export const getSession = () => call<SessionView>("GET", "session");
export const postSession = (name: string, password: string) => call<SessionView>("POST", "session", { name, password });
export const deleteSession = () => call<SessionView>("DELETE", "session");
export const putPassword = (former: string, password: string) =>
  call<SessionView>("PUT", "session/password", { former, password });
export const postSetUp = (token: string, name: string, password: string) =>
  call<SessionView>("POST", "setup", { token, name, password });

export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
}

export const getAccounts = () => call<AccountsView>("GET", "accounts");
export const postAccount = (account: NewAccount) => call<AccountView>("POST", "accounts", account);
export const patchAccount = (id: number, patch: { role?: Role; password?: string; enabled?: boolean }) =>
  call<AccountView>("PATCH", `accounts/${id}`, patch);
export const deleteAccount = (id: number) => call<unknown>("DELETE", `accounts/${id}`);

export const getKeys = () => call<KeysView>("GET", "keys");
export const postKey = (key: { name: string; role: Role; days: number | null }) => call<MadeKey>("POST", "keys", key);
export const deleteKey = (id: string) => call<unknown>("DELETE", `keys/${id}`);

export const getAudit = (limit: number, before?: number) =>
  call<AuditPage>("GET", `audit?limit=${limit}${before === undefined ? "" : `&before=${before}`}`);
