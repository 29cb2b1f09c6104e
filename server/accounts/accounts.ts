/**
 * Accounts: who may watch and steer. Owns the tables of accounts, sessions, keys and the audit log, the key that signs
 * sessions, and the set-up token; the database is closed by whoever opened it, and nothing here runs by itself.
 *
 * Invariants: no password is kept or logged, only its argon2id hash; a session that was ended is over at once, whatever its
 * token says; the role is the account's as it is now; once there was an administrator there always is one.
 */
import type { Database } from "../config/database.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { ApiKeys, isApiKey, type ApiKey } from "./api-keys.js";
import type { AuditAction } from "./audit-actions.js";
import { Audit } from "./audit.js";
import type { Credentials, Identity } from "./identity.js";
import { Passwords } from "./passwords.js";
import { People, type Account } from "./people.js";
import type { Role } from "./role.js";
import { Sessions } from "./sessions.js";
import { SetUpToken } from "./set-up-token.js";
import { SignIns } from "./sign-ins.js";
import { openSigningKey } from "./signing-key.js";
import { Tokens, type TokenClaims } from "./tokens.js";

export interface AccountsOptions {
  readonly database: Pick<Database, "connection" | "flush">;
  /** The state folder. */
  readonly state: string;
  /** How long a session lasts. */
  readonly sessionHours: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What signing in gives. */
export interface SignedIn {
  readonly token: string;
  readonly identity: Identity;
}

export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
}

/** Tokens whose signature was checked are remembered: a player asks some ten times a second with the same one. */
const rememberedTokens = 1000;

export class Accounts {
  readonly #o: AccountsOptions;
  readonly #people: People;
  readonly #sessions: Sessions;
  readonly #keys: ApiKeys;
  readonly #audit: Audit;
  readonly #passwords = new Passwords();
  readonly #signIns: SignIns;
  readonly #tokens: Tokens;
  readonly #setUpToken: SetUpToken;
  readonly #read = new Map<string, TokenClaims>();

  constructor(options: AccountsOptions) {
    this.#o = options;
    const { database, state, clock, log } = options;
    const { connection } = database;
    this.#people = new People(connection, clock);
    this.#sessions = new Sessions(connection, clock, log);
    this.#keys = new ApiKeys(connection, clock);
    this.#audit = new Audit(connection, clock, log);
    const { people, passwords, audit } = { people: this.#people, passwords: this.#passwords, audit: this.#audit };
    this.#signIns = new SignIns({ people, passwords, audit, clock });
    this.#tokens = new Tokens(openSigningKey(state, log));
    this.#setUpToken = new SetUpToken(state);
  }

  /** Nobody can sign in yet, or no more. */
  get needsSetUp(): boolean {
    return !this.#people.hasAdministrator;
  }

  /** The one-time token for the first administrator; null when there is one. */
  setUpToken(): string | null {
    return this.needsSetUp ? this.#setUpToken.readOrMake() : null;
  }

  /**
   * Who shows these credentials; null: nobody we know. Answers at once for a key, and for a token that was seen before. A
   * bearer counts alone, whatever cookie comes along.
   */
  identify({ cookie, bearer }: Credentials): Identity | null | Promise<Identity | null> {
    if (bearer !== null && isApiKey(bearer)) return this.#identityOfKey(this.#keys.find(bearer));
    const token = bearer ?? cookie;
    if (token === null) return null;
    const claims = this.#read.get(token);
    return claims === undefined ? this.#readToken(token) : this.#identityOf(claims);
  }

  /** Whether who was identified may go on: not signed out, not disabled, not expired, and with the same role. */
  isCurrent({ kind, id, role, expiresAt }: Identity): boolean {
    if (kind === "local") return expiresAt !== null && expiresAt > this.#o.clock.epochMs();
    const now = kind === "key" ? this.#identityOfKey(this.#keys.get(id)) : this.#identityOfSession(id);
    return now?.role === role;
  }

  /** Rejects `wrongCredentials`, `tooManyAttempts`, `tooManyClients`. */
  async signIn(name: string, password: string, address: string): Promise<SignedIn> {
    const account = await this.#signIns.prove(name, password, address);
    const signedIn = await this.#begin(account, address);
    this.#audit.note("signedIn", { who: signedIn.identity.name, subject: null, address });
    return signedIn;
  }

  signOut(identity: Identity, address: string): void {
    if (identity.kind !== "session")
      throw new AppError("badRequest", "Only a session can be signed out; remove the key.");
    this.#sessions.end(identity.id);
    this.#audit.note("signedOut", { who: identity.name, subject: null, address });
    void this.#o.database.flush();
  }

  /**
   * Ends all sessions of the account and begins a new one for who asked. Rejects `wrongCredentials`, `tooManyAttempts`,
   * `tooManyClients`, and `badRequest` for a program.
   */
  async changePassword(identity: Identity, former: string, password: string, address: string): Promise<SignedIn> {
    if (identity.account === null) throw new AppError("badRequest", "Only a person has a password.");
    const account = await this.#signIns.prove(identity.name, former, address);
    const proven = this.#people.get(account)?.password;
    const hash = await this.#passwords.hash(password);
    // An administrator's reset or removal while the hash was made stands.
    if (!this.isCurrent(identity) || this.#people.get(account)?.password !== proven)
      throw new AppError("wrongCredentials", "The account was changed meanwhile.");
    this.#people.change(account, { password: hash });
    this.#sessions.endAllOf(account);
    this.#audit.note("passwordChanged", { who: identity.name, subject: null, address });
    return this.#begin(account, address);
  }

  /** Makes an administrator, once for each token. Rejects `setUpRefused`, `tooManyAttempts`, `accountTaken`. */
  async setUp(token: string, { name, password }: Omit<NewAccount, "role">, address: string): Promise<SignedIn> {
    this.#signIns.begin(` set-up ${address}`, address);
    this.#checkSetUp(token);
    this.#signIns.forgive(` set-up ${address}`, address);
    this.#people.checkFree(name);
    const hash = await this.#passwords.hash(password);
    // Somebody else may have used it while the hash was made; from here on nothing waits.
    this.#checkSetUp(token);
    const account = this.#people.add({ name, role: "administrator", password: hash });
    this.#removeSetUpToken();
    this.#audit.note("setUp", { who: name, subject: null, address });
    return this.#begin(account.id, address);
  }

  accounts(): Account[] {
    return this.#people.list();
  }

  /** Rejects `accountTaken`, `badRequest`, `tooManyClients`. */
  async makeAccount({ name, role, password }: NewAccount, by: Identity, address: string): Promise<Account> {
    this.#people.checkFree(name);
    const hash = await this.#passwords.hash(password);
    this.#checkStill(by);
    const account = this.#people.add({ name, role, password: hash });
    this.#audit.note("accountMade", { who: by.name, subject: `${name}: ${role}`, address });
    void this.#o.database.flush();
    return account;
  }

  /** All sessions of the account end. Rejects `notFound`, `lastAdministrator`, `tooManyClients`. */
  async changeAccount(
    id: number,
    { password, ...rest }: Partial<Omit<NewAccount, "name"> & { readonly enabled: boolean }>,
    by: Identity,
    address: string,
  ): Promise<Account> {
    const hash = password === undefined ? undefined : await this.#passwords.hash(password);
    this.#checkStill(by);
    const account = this.#people.change(id, { ...rest, ...(hash !== undefined && { password: hash }) });
    this.#sessions.endAllOf(id);
    const what = [
      ...Object.entries(rest).map(([key, value]) => `${key} ${value}`),
      ...(hash === undefined ? [] : ["password"]),
    ];
    this.#audit.note("accountChanged", { who: by.name, subject: `${account.name}: ${what.join(", ")}`, address });
    void this.#o.database.flush();
    return account;
  }

  /** Who asked may have been signed out, disabled or removed while a hash was made. Throws `notSignedIn`. */
  #checkStill(by: Identity): void {
    if (!this.isCurrent(by)) throw new AppError("notSignedIn", "Sign in again.");
  }

  /** Throws `notFound`, `lastAdministrator`. */
  removeAccount(id: number, by: Identity, address: string): void {
    const account = this.#people.remove(id);
    this.#sessions.endAllOf(id);
    this.#audit.note("accountRemoved", { who: by.name, subject: account.name, address });
    void this.#o.database.flush();
  }

  keys(): ApiKey[] {
    return this.#keys.list();
  }

  /** The secret is told here and never again. Throws `accountTaken`, `badRequest`. */
  makeKey(
    wanted: Omit<ApiKey, "id" | "createdAt" | "madeBy">,
    by: Identity,
    address: string,
  ): ReturnType<ApiKeys["make"]> {
    const made = this.#keys.make({ ...wanted, madeBy: by.name });
    this.#audit.note("keyMade", { who: by.name, subject: `${wanted.name}: ${wanted.role}`, address });
    void this.#o.database.flush();
    return made;
  }

  /** Throws `notFound`. */
  removeKey(id: string, by: Identity, address: string): void {
    const key = this.#keys.remove(id);
    this.#audit.note("keyRemoved", { who: by.name, subject: key.name, address });
    void this.#o.database.flush();
  }

  /** Something that was done with the cameras and their recordings, and lasts. */
  note(action: AuditAction, by: Identity, subject: string, address: string): void {
    this.#audit.note(action, { who: by.name, subject, address });
    void this.#o.database.flush();
  }

  audit(page: { readonly limit: number; readonly before?: number }): ReturnType<Audit["list"]> {
    return this.#audit.list(page);
  }

  /** For the controller's own read-back through NGINX: a viewer's. */
  ownToken(): Promise<string> {
    return this.#tokens.ofReadBack();
  }

  /** Made is made: a file that cannot be removed takes nothing back. */
  #removeSetUpToken(): void {
    try {
      this.#setUpToken.remove();
    } catch (error) {
      const what = "the used set-up token cannot be removed, and counts again after a new start: remove it by hand";
      this.#o.log.error(what, { error });
    }
  }

  #checkSetUp(token: string): void {
    if (this.#setUpToken.fits(token)) return;
    throw new AppError(
      "setUpRefused",
      "This link is not valid any more. “smart-toggle set-up-link” says the present one.",
    );
  }

  async #begin(account: number, address: string): Promise<SignedIn> {
    const session = this.#sessions.begin(account, address, this.#o.sessionHours * 3_600_000);
    const token = await this.#tokens.ofSession(session.id, session.expiresAt);
    void this.#o.database.flush();
    const identity = this.#identityOfSession(session.id);
    // Disabled at this very moment.
    if (identity === null) throw new AppError("wrongCredentials", "The account was changed meanwhile.");
    return { token, identity };
  }

  async #readToken(token: string): Promise<Identity | null> {
    const claims = await this.#tokens.read(token);
    if (claims === null) return null;
    const identity = this.#identityOf(claims);
    if (identity === null) return null;
    const [oldest] = this.#read.keys();
    if (this.#read.size >= rememberedTokens && oldest !== undefined) this.#read.delete(oldest);
    this.#read.set(token, claims);
    return identity;
  }

  #identityOf(claims: TokenClaims): Identity | null {
    if (claims.kind === "session") return this.#identityOfSession(claims.session);
    const { role, expiresAt } = claims;
    if (expiresAt <= this.#o.clock.epochMs()) return null;
    return { kind: "local", id: "local", account: null, name: "this device", role, expiresAt };
  }

  #identityOfSession(id: string): Identity | null {
    const session = this.#sessions.get(id);
    const account = session && this.#people.get(session.account);
    if (session === undefined || account?.enabled !== true) return null;
    const { name, role } = account;
    return { kind: "session", id, account: account.id, name, role, expiresAt: session.expiresAt };
  }

  #identityOfKey(key: ApiKey | undefined): Identity | null {
    if (key === undefined) return null;
    const { id, name, role, expiresAt } = key;
    return { kind: "key", id, account: null, name, role, expiresAt };
  }
}
