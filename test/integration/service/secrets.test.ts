import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../../server/lib/package-root.js";
import { Product } from "../../support/product.js";
import { requestFrom } from "../../support/request-from.js";
import { until } from "../../support/until.js";

/** Of the requests below, what is said only to whoever it belongs to. */
interface Secrets {
  readonly password: string;
  readonly newPassword: string;
  readonly mistyped: string;
  readonly setUpToken: string;
  readonly cookie: string;
  readonly token: string;
  readonly apiKey: string;
}

describe("G5 secrets", () => {
  let product: Product;
  let secrets: Secrets;
  /** Of the administrator. */
  let headers: Record<string, string>;

  beforeAll(async () => {
    product = await Product.prepare({ readyMs: 60_000, settings: { access: { auth: "accounts" } } });
    // As somebody may have made it, or a former version.
    mkdirSync(state(), { mode: 0o755 });
    chmodSync(state(), 0o755);
    await product.launch();
    secrets = await useAll();
    headers = { Authorization: `Bearer ${secrets.token}` };
  });

  afterAll(() => product.close());

  const state = () => join(product.directory, "state");

  async function post(path: string, body: object, with_: Record<string, string> = {}, method = "POST") {
    const response = await fetch(product.url + path, {
      method,
      headers: { "Content-Type": "application/json", ...with_ },
      body: JSON.stringify(body),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return { status: response.status, cookie, body: (await response.json()) as Record<string, unknown> };
  }

  /** Uses each of them in every way there is. */
  async function useAll(): Promise<Secrets> {
    const [password, newPassword, mistyped] = [
      "first password of Ann",
      "second password of Ann",
      "mistyped one of Ann",
    ];
    const setUpToken = readFileSync(join(state(), "set-up.token"), "utf8").trim();
    const setUp = await post("/api/setup", { token: setUpToken, name: "Ann", password });
    const own = { Cookie: setUp.cookie, Origin: product.url };
    expect((await post("/api/session", { name: "Ann", password: mistyped })).status).toBe(401);
    expect((await post("/api/session", { name: mistyped, password })).status).toBe(401);
    const changed = await post("/api/session/password", { former: password, password: newPassword }, own, "PUT");
    const { cookie } = changed;
    const signedIn = await post("/api/session", { name: "Ann", password: newPassword, token: true });
    const token = String(signedIn.body["token"]);
    const key = await post("/api/keys", { name: "tool", role: "viewer" }, { Cookie: cookie, Origin: product.url });
    const apiKey = String(key.body["secret"]);
    for (const credentials of [{ Cookie: cookie }, bearer(token), bearer(apiKey), bearer(`${apiKey}x`)]) {
      for (const path of [
        "/hls/main/live.m3u8",
        "/api/status",
        "/api/nothing",
        "/api/snapshot/0",
        "/stream?camera=9",
      ]) {
        const response = await fetch(product.url + path, { headers: credentials });
        await response.arrayBuffer();
      }
    }
    await post("/api/switch", { camera: 1 }, bearer(token));
    return { password, newPassword, mistyped, setUpToken, cookie: cookie.split("=")[1] ?? "", token, apiKey };
  }

  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

  /** Everything that was used, what the state folder keeps, and the parts of tokens that matter. */
  function wholeList(): Map<string, string> {
    const key = readFileSync(join(state(), "session.key"));
    const forms = (["hex", "base64", "base64url"] as const).map((form) => [`key ${form}`, key.toString(form)] as const);
    const signatures = [secrets.cookie, secrets.token].map(
      (token, n) => [`signature ${n}`, token.split(".")[2] ?? ""] as const,
    );
    const list = [...Object.entries(secrets), ...forms, ...signatures, ["hash of a password", "$argon2id"] as const];
    return new Map(list.map(([name, secret]) => [name, String(secret)]));
  }

  function foundIn(text: string, except: readonly string[] = []): string[] {
    const list = [...wholeList()].filter(([name]) => !except.includes(name));
    expect(list.filter(([, secret]) => secret.length < 9)).toEqual([]);
    return list.filter(([, secret]) => text.includes(secret)).map(([name]) => name);
  }

  it("are in no answer of the API, the page's files or NGINX", async () => {
    const document = (await (await fetch(`${product.url}/api/openapi.json`, { headers })).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const readable = Object.entries(document.paths).filter(
      ([path, methods]) => "get" in methods && path !== "/api/events",
    );
    expect(readable.length).toBeGreaterThan(25);
    for (const [path] of [...readable, ["/"], ["/nginx.conf"]] as [string, unknown?][]) {
      const limit = AbortSignal.timeout(500);
      const address = product.url + path.replace("{channel}", "main").replace(/\{\w+\}/g, "1");
      const text = await fetch(address, { headers, signal: limit })
        .then((answer) => answer.text())
        .catch(() => "");
      expect([path, foundIn(text)]).toEqual([path, []]);
    }
  });

  it("are in no line of the log but the set-up link, which is over", () => {
    const log = readFileSync(join(product.directory, "log.jsonl"), "utf8");
    expect(log).toContain(`#set-up=${secrets.setUpToken}`);
    expect(foundIn(log, ["setUpToken"])).toEqual([]);
    for (const line of log.trimEnd().split("\n")) expect(() => void JSON.parse(line)).not.toThrow();
  });

  it("are in no argument and no environment of a process", () => {
    const processes = product.processes();
    expect(processes.length).toBeGreaterThan(5);
    for (const { pid, name } of processes) {
      const text = readFileSync(`/proc/${pid}/cmdline`, "latin1") + readFileSync(`/proc/${pid}/environ`, "latin1");
      expect([name, foundIn(text)]).toEqual([name, []]);
    }
  });

  it("are in no support bundle", { timeout: 120_000 }, () => {
    const bundle = join(product.directory, "bundle.tar.gz");
    const main = join(packageRoot, "dist/server/main.js");
    const args = [main, "support", bundle, "--config", join(product.directory, "settings.json")];
    const made = spawnSync(process.execPath, args, { cwd: product.directory, encoding: "utf8" });
    expect(made.stderr).toBe("");
    const { stdout } = spawnSync("tar", ["-xzOf", bundle], { encoding: "utf8", maxBuffer: 1e8 });
    expect(stdout).toContain("access.auth");
    expect(foundIn(stdout)).toEqual([]);
    expect(statSync(bundle).mode & 0o777).toBe(0o600);
  });

  it("do not leave by a name that people choose: it writes no header, argument, line of log, playlist or metrics", async () => {
    const label = 'x"\r\nX-Evil: 1\n#EXT-X-ENDLIST\n$(id);-vf';
    expect((await product.api("/api/cameras/1", { label, overlayLabel: true }, "PATCH")).status).toBe(200);
    const ways = ["/hls/main/live.m3u8", "/metrics", "/api/status", "/api/snapshot/1?download=1", "/api/cameras"];
    for (const path of ways) {
      const evil = { "User-Agent": "%0d%0aX-Evil: 1 ${jndi:x}", Referer: 'x"; X-Evil: 1' };
      const response = await fetch(`${product.url}${path}`, { headers: { ...headers, ...evil } });
      expect([path, response.status, response.headers.get("x-evil")]).toEqual([path, 200, null]);
      expect([path, /^(#EXT-X-ENDLIST|X-Evil)/m.test(await response.text())]).toEqual([path, false]);
    }
    const viewer = encodeURIComponent("a\r\nX-Evil: 1");
    await fetch(`${product.url}/hls/main/live.m3u8?viewer=${viewer}`, { headers });
    const commandLines = product.processes().map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "latin1"));
    expect(commandLines.filter((line) => /X-Evil|\$\(id\)/.test(line))).toEqual([]);
    const log = readFileSync(join(product.directory, "log.jsonl"), "utf8").trimEnd().split("\n");
    for (const line of log) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) as string });
  });

  it("are kept by networks that are let in, settled while the service runs: NGINX hears of it too", async () => {
    const port = Number(new URL(product.url).port);
    const pageFrom = async (address: string) => (await requestFrom(address, port, "/")).status;
    expect(await pageFrom("127.0.0.3")).toBe(200);
    const put = (allow: string[]) => product.api("/api/settings", { access: { allow } }, "PUT");
    expect((await put(["127.0.0.2"])).status).toBe(200);
    await until("the page is refused", 10_000, async () => (await pageFrom("127.0.0.3")) === 403);
    expect((await requestFrom("127.0.0.3", port, "/api/session")).status).toBe(403);
    expect([await pageFrom("127.0.0.2"), await pageFrom("127.0.0.1")]).toEqual([200, 200]);
    expect((await put([])).status).toBe(200);
    await until("the page is given out", 10_000, async () => (await pageFrom("127.0.0.3")) === 200);
  });

  /** Path, and what others than the owner may do. */
  function open(folder: string): string[] {
    const own = (statSync(folder).mode & 0o777) === 0o700 ? [] : [folder];
    const below = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return open(path);
      return (statSync(path).mode & 0o777) === 0o600 ? [] : [path];
    });
    return [...own, ...below];
  }

  it("lie in files of 0600 and folders of 0700, also where the folder was there before with other rights", () => {
    const names = readdirSync(state());
    for (const name of [
      "smart-toggle.db",
      "smart-toggle.db-wal",
      "smart-toggle.db-shm",
      "recordings.sqlite",
      "session.key",
    ]) {
      expect(names).toContain(name);
    }
    expect(open(state())).toEqual([]);
    expect(open(join(product.live, "nginx", "access"))).toEqual([]);
  });
});
