/** What the tests on whole machines and containers share: programs, waiting for facts, steps and their sum. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** Where this machine gets its packages from. Throws where it does not say so. */
export function mirrorOfThisMachine() {
  const files = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"].filter((file) => existsSync(file));
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const mirror = /^(?:URIs:|deb(?: \[.*\])?) *(http\S+)/m.exec(text)?.[1];
  if (mirror === undefined) throw new Error(`No source of packages is named in ${files.join(" or ") || "/etc/apt"}.`);
  return mirror;
}

/** Runs a program to its end; throws with what it said where it fails. */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    ...options,
  });
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(" ")}: ${status}\n${stdout}${stderr}`);
  return stdout?.trim() ?? "";
}

export function readOr(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** All below a process. */
export function childrenOf(pid) {
  const children = readOr(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
  return children.flatMap((child) => [child, ...childrenOf(child)]);
}

/** Seconds that a fact is waited for: on a machine with other work even a picture takes its time. */
export const patience = 180;

/** Asks until the answer is neither false, nothing, nor an error; `ask` may take its time. */
export async function until(what, seconds, ask) {
  const deadlineMs = performance.now() + seconds * 1000;
  for (let said = ""; ;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      said = String(error);
    }
    if (performance.now() > deadlineMs) throw new Error(`not within ${seconds} s: ${what} ${said}`);
    await wait(200);
  }
}

export function expect(holds, what) {
  if (!holds) throw new Error(what);
}

/** For `node -e`: one request; its whole answer as JSON. */
const ask = `const [address, init] = process.argv.slice(1);
fetch(address, { redirect: "manual", ...JSON.parse(init) }).then(async (answer) => {
  const headers = Object.fromEntries(answer.headers);
  process.stdout.write(JSON.stringify({ status: answer.status, headers, text: await answer.text() }));
});`;
/** For `node -e`: exit code 0 where somebody speaks TLS of this version. */
const speak = `const [version, ca] = process.argv.slice(1);
const options = { host: "127.0.0.1", port: 8443, minVersion: "TLSv1.2", maxVersion: version, ca: require("node:fs").readFileSync(ca) };
require("node:tls").connect(options, () => process.exit(0)).on("error", () => process.exit(1));`;

/**
 * Somebody in the network of a machine or container: trusts the service's certificate, and sends what a browser would.
 * `runNode` runs node in there with arguments and environment, and answers what it printed.
 */
export class Visitor {
  constructor(runNode) {
    this.runNode = runNode;
    this.certificate = "/var/lib/smart-toggle/tls/certificate.pem";
    this.cookie = "";
  }

  /** Status, headers and text, whatever they are. */
  ask(path, { method = "GET", body, origin = "https://127.0.0.1:8443" } = {}) {
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const headers = { ...type, Cookie: this.cookie, Origin: origin };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const said = this.runNode(["-e", ask, `${origin}${path}`, JSON.stringify(init)], {
      NODE_EXTRA_CA_CERTS: this.certificate,
    });
    return JSON.parse(said);
  }

  /** The text of a good answer; throws where it is none. */
  get(path, options) {
    const { status, text } = this.ask(path, options);
    if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
    return text;
  }

  post(path, body) {
    return this.get(path, { method: "POST", body });
  }

  /** Keeps the session, as a browser would: by a set-up link's token, or by name and password. */
  enter(path, body) {
    const { status, headers, text } = this.ask(path, { method: "POST", body });
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    this.cookie = headers["set-cookie"].split(";")[0];
  }

  /** Whether somebody answers with TLS of this version at the most. */
  speaks(version) {
    try {
      this.runNode(["-e", speak, version, this.certificate], {});
      return true;
    } catch {
      return false;
    }
  }

  hasPicture() {
    return this.get("/readyz") !== "";
  }
}

/** Nobody gets in without TLS, with an old one, or without an account; `stranger` is signed in nowhere. */
export function expectClosedDoor(stranger) {
  const way = stranger.ask("/hls/main/live.m3u8?x=1", { origin: "http://127.0.0.1:8001" });
  const target = "https://127.0.0.1:8443/hls/main/live.m3u8?x=1";
  expect(way.status === 308 && way.headers.location === target, `8001 answers ${way.status} ${way.headers.location}`);
  expect(stranger.speaks("TLSv1.3") && !stranger.speaks("TLSv1.2"), "TLS is not 1.3 alone");
  for (const path of ["/api/status", "/api/events", "/stream", "/api/snapshot/0", "/hls/main/live.m3u8", "/metrics"]) {
    const { status } = stranger.ask(path);
    expect(status === 401, `${path}: ${status} without an account`);
  }
}

/** The link of a text, and the token in it. */
export function setUpLinkIn(text) {
  const [link, token] = /https:\/\/\S+\/#set-up=([\w-]{32})/.exec(text) ?? [];
  if (token === undefined) throw new Error(`no set-up link in:\n${text}`);
  return { link, token };
}

/** One step after the other, by its name; without the first ones there is nothing to look at. */
export async function runSteps(steps, needed) {
  const counts = { passed: 0, failed: 0 };
  for (const [index, [name, step]] of Object.entries(steps).entries()) {
    try {
      const said = await step();
      counts.passed += 1;
      console.log(`ok      ${name}${said ? ` (${said})` : ""}`);
    } catch (error) {
      counts.failed += 1;
      console.log(`FAILED  ${name}: ${error.message}`);
      if (index < needed) break;
    }
  }
  return counts;
}

export function closeWith({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
