import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Identity } from "../../../server/accounts/identity.js";
import { readSigningKey } from "../../../server/accounts/signing-key.js";
import { Tokens } from "../../../server/accounts/tokens.js";
import { accountsDatabase, openAccounts } from "../../support/open-accounts.js";

const password = "correct horse battery";
const from = "192.168.1.7";

// Hashes take their time on a busy machine.
describe("G5 accounts", { timeout: 30_000 }, () => {
  let folder: string;
  let clock: { nowMs: number; monotonicMs: () => number; epochMs: () => number };
  let connection: ReturnType<typeof accountsDatabase>;
  const open = () => openAccounts(folder, clock, connection).accounts;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smart-toggle-accounts-"));
    const begun = Date.now();
    clock = { nowMs: 0, monotonicMs: () => clock.nowMs, epochMs: () => begun + clock.nowMs };
    connection = accountsDatabase();
  });

  afterEach(() => {
    connection.close();
    rmSync(folder, { recursive: true });
  });

  async function withAnn() {
    const accounts = open();
    const { token, identity } = await accounts.setUp(accounts.setUpToken() ?? "", { name: "Ann", password }, from);
    const show = (bearer: string) => accounts.identify({ cookie: null, bearer });
    return { accounts, token, ann: identity, show };
  }

  it("begin with a one-time token and nobody else: there is no default password", async () => {
    const accounts = open();
    expect(accounts.needsSetUp).toBe(true);
    const token = accounts.setUpToken() ?? "";
    expect(open().setUpToken()).toBe(token);
    await expect(accounts.setUp("x".repeat(32), { name: "Eve", password }, from)).rejects.toMatchObject({
      code: "setUpRefused",
    });
    const { identity } = await accounts.setUp(token, { name: "Ann", password }, from);
    expect(identity).toMatchObject({ kind: "session", name: "Ann", role: "administrator" });
    expect(accounts.needsSetUp).toBe(false);
    expect(accounts.setUpToken()).toBeNull();
    await expect(accounts.setUp(token, { name: "Eve", password }, from)).rejects.toMatchObject({
      code: "setUpRefused",
    });
    expect(accounts.accounts().map(({ name }) => name)).toEqual(["Ann"]);
  });

  it("take a token once, also where its file does not go", async () => {
    const accounts = open();
    const token = accounts.setUpToken() ?? "";
    const path = join(folder, "set-up.token");
    const kept = readFileSync(path);
    await accounts.setUp(token, { name: "Ann", password }, from);
    writeFileSync(path, kept);
    const again = accounts.setUp(token, { name: "Eve", password }, from);
    await expect(again).rejects.toMatchObject({ code: "setUpRefused" });
  });

  it("make one administrator of one token, however many use it at once", async () => {
    const accounts = open();
    const token = accounts.setUpToken() ?? "";
    const names = ["Ann", "Bob", "Eve"];
    const ends = await Promise.allSettled(names.map((name) => accounts.setUp(token, { name, password }, from)));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(accounts.accounts()).toHaveLength(1);
  });

  it("know a session by its token until it is signed out, and over a restart", async () => {
    const { accounts, token, ann, show } = await withAnn();
    expect(await show(token)).toEqual(ann);
    expect(show(token)).toEqual(ann);
    expect(await open().identify({ cookie: token, bearer: null })).toEqual(ann);
    accounts.signOut(ann, from);
    expect(show(token)).toBeNull();
    expect(accounts.isCurrent(ann)).toBe(false);
    expect(await open().identify({ cookie: token, bearer: null })).toBeNull();
  });

  it("end a session when its time is over", async () => {
    const { accounts, token, ann, show } = await withAnn();
    clock.nowMs = 3_600_000;
    expect(await show(token)).toBeNull();
    expect(accounts.isCurrent(ann)).toBe(false);
  });

  it.each(["", ".", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4In0.", "x".repeat(5000), "stk_", "stk_0_0"])(
    "know nobody by %j",
    async (bearer) => {
      const { show } = await withAnn();
      expect(await show(bearer)).toBeNull();
    },
  );

  it("know nobody by a token that another key signed, or that was changed", async () => {
    const { token, show } = await withAnn();
    const [head = "", body = "", tail = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, local: "administrator" })).toString("base64url");
    expect(await show(`${head}.${changed}.${tail}`)).toBeNull();
    writeFileSync(join(folder, "session.key"), Buffer.alloc(32));
    expect(await open().identify({ cookie: token, bearer: null })).toBeNull();
  });

  it("end all sessions of who changes the password, but the new one", async () => {
    const { accounts, token, ann, show } = await withAnn();
    const other = await accounts.signIn("ANN", password, from);
    await expect(accounts.changePassword(ann, "wrong", "another long one", from)).rejects.toMatchObject({
      code: "wrongCredentials",
    });
    const changed = await accounts.changePassword(ann, password, "another long one", from);
    expect([await show(token), await show(other.token)]).toEqual([null, null]);
    expect(await show(changed.token)).toMatchObject({ name: "Ann" });
    await expect(accounts.signIn("Ann", password, from)).rejects.toMatchObject({ code: "wrongCredentials" });
  });

  it("give a session the role its account has now, and end those of one that is changed, disabled or removed", async () => {
    const { accounts, ann, show } = await withAnn();
    const bob = await accounts.makeAccount({ name: "Bob", role: "operator", password }, ann, from);
    const signIn = async () => (await accounts.signIn("Bob", password, from)).token;
    const first = await signIn();
    await accounts.changeAccount(bob.id, { role: "viewer" }, ann, from);
    expect(await show(first)).toBeNull();
    const second = await signIn();
    expect(await show(second)).toMatchObject({ role: "viewer" });
    await accounts.changeAccount(bob.id, { enabled: false }, ann, from);
    expect(await show(second)).toBeNull();
    await expect(signIn()).rejects.toMatchObject({ code: "wrongCredentials" });
    accounts.removeAccount(bob.id, ann, from);
    expect(accounts.accounts().map(({ name }) => name)).toEqual(["Ann"]);
  });

  it("never lose the last administrator", async () => {
    const { accounts, ann } = await withAnn();
    const id = ann.account ?? 0;
    const refused = { code: "lastAdministrator" };
    await expect(accounts.changeAccount(id, { role: "operator" }, ann, from)).rejects.toMatchObject(refused);
    await expect(accounts.changeAccount(id, { enabled: false }, ann, from)).rejects.toMatchObject(refused);
    expect(() => {
      accounts.removeAccount(id, ann, from);
    }).toThrow(expect.objectContaining(refused));
  });

  it("take a name once, whatever its capitals", async () => {
    const { accounts, ann } = await withAnn();
    const again = accounts.makeAccount({ name: "aNN", role: "viewer", password }, ann, from);
    await expect(again).rejects.toMatchObject({ code: "accountTaken" });
  });

  it("limit attempts of one account and of one address, and note when that begins", async () => {
    const { accounts } = await withAnn();
    const ends: string[] = [];
    for (let n = 0; n < 12; n++) {
      const end = await accounts.signIn("Ann", "wrong", `192.168.2.${n}`).catch((error: unknown) => error);
      ends.push((end as { code: string }).code);
    }
    expect(ends.filter((code) => code === "wrongCredentials")).toHaveLength(10);
    expect(ends.slice(10)).toEqual(["tooManyAttempts", "tooManyAttempts"]);
    await expect(accounts.signIn("Ann", password, from)).rejects.toMatchObject({ retryAfterSeconds: 300 });
    const noted = accounts.audit({ limit: 200 }).filter(({ action }) => action === "signInLimited");
    expect(noted).toMatchObject([{ subject: "Ann", address: "192.168.2.9" }]);
    clock.nowMs = 300_000;
    expect((await accounts.signIn("Ann", password, from)).identity.name).toBe("Ann");
  });

  it("know a key until it is removed or expires, and tell its secret once", async () => {
    const { accounts, ann, show } = await withAnn();
    const expiresAt = clock.epochMs() + 1000;
    const { key, secret } = accounts.makeKey({ name: "Grafana", role: "viewer", expiresAt }, ann, from);
    expect(show(secret)).toMatchObject({ kind: "key", name: "Grafana", role: "viewer" });
    expect(show(`${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`)).toBeNull();
    expect(await open().identify({ cookie: null, bearer: secret })).toMatchObject({ name: "Grafana" });
    expect(JSON.stringify([accounts.keys(), accounts.audit({ limit: 200 })])).not.toContain(secret.slice(-43));
    clock.nowMs = 1000;
    expect(show(secret)).toBeNull();
    accounts.removeKey(key.id, ann, from);
    expect(accounts.keys()).toEqual([]);
  });

  it("note who did what, from where, and no name that nobody has: it may be a password in the wrong field", async () => {
    const { accounts, ann } = await withAnn();
    await accounts.signIn("hunter2hunter2", "x", from).catch(() => undefined);
    await accounts.signIn("ann", "x", from).catch(() => undefined);
    await accounts.makeAccount({ name: "Bob", role: "viewer", password }, ann, from);
    const entries = accounts.audit({ limit: 200 }).map(({ who, action, subject }) => [who, action, subject]);
    expect(entries).toEqual([
      ["Ann", "accountMade", "Bob: viewer"],
      [null, "signInFailed", "Ann"],
      [null, "signInFailed", null],
      ["Ann", "setUp", null],
    ]);
  });

  it("keep what is secret to themselves: files of 0600, and no password or token as it is", async () => {
    const { token } = await withAnn();
    open();
    for (const name of readdirSync(folder))
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(existsSync(join(folder, "set-up.token"))).toBe(false);
    const kept = Buffer.concat([connection.serialize(), readFileSync(join(folder, "session.key"))]).toString("latin1");
    expect(kept).not.toContain(password);
    expect(kept).not.toContain(token.split(".")[2]);
    expect(kept).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
  });

  it("let a command of this machine in with the key of the state folder alone, and the controller's own look as a viewer", async () => {
    const { accounts } = await withAnn();
    const identityOf = async (bearer: string): Promise<Identity | null> => accounts.identify({ cookie: null, bearer });
    const command = await new Tokens(readSigningKey(folder)).ofCommand();
    expect(await identityOf(command)).toMatchObject({ kind: "local", role: "administrator" });
    expect(await identityOf(await accounts.ownToken())).toMatchObject({ kind: "local", role: "viewer" });
  });
});
