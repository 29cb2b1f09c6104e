/**
 * `make container-test`: builds the image without a daemon (buildah), runs it without rights and with a root that is
 * read-only (runc, with a network of its own). A browser goes in by the link in its log, looks, switches and records; health,
 * commands and a crash follow, then what a new container still has: account, state, and the recording, played. As root; needs buildah, runc, chromium, package sources and 3 GB. BASE=image to build on, else one is made with
 * debootstrap (SUITE, MIRROR); TREE=folder is one that is made already. REGISTRY is npm's, where it is another. STORE=folder
 * keeps the image there, and takes it from there the next time.
 */
import { spawn } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expectMoving, fillIn, inBrowser, isLive, named } from "./container-browser.js";
import {
  closeWith,
  expect,
  expectClosedDoor,
  mirrorOfThisMachine,
  patience,
  run,
  runSteps,
  setUpLinkIn,
  until,
  Visitor,
} from "./machine-steps.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const {
  BASE: givenBase,
  STORE: keptStore,
  TREE: tree,
  SUITE: suite = "trixie",
  MIRROR: mirror = mirrorOfThisMachine(),
} = process.env;
const folder = mkdtempSync(join(tmpdir(), "smart-toggle-container-"));
const store = [
  "--root",
  keptStore ?? join(folder, "store"),
  "--runroot",
  join(folder, "run"),
  "--storage-driver",
  "vfs",
];
const buildah = (...args) => run("buildah", [...store, ...args]);
const image = "smart-toggle";
/** The user in the image. */
const uid = 8001;
const administrator = { name: "Ann", password: "correct horse battery" };

function makeBase() {
  const base = tree ?? join(folder, "base");
  if (tree === undefined) run("debootstrap", ["--variant=minbase", suite, base, mirror]);
  const container = buildah("from", "scratch");
  buildah("add", "--quiet", container, base, "/");
  buildah("commit", "--quiet", "--disable-compression", container, "base");
  buildah("rm", container);
  return "localhost/base";
}

function isBuilt() {
  return buildah("images", "--format", "{{.Name}}").split("\n").includes(`localhost/${image}`);
}

/** The folder of the image's files. */
function filesOfImage() {
  if (!isBuilt()) build();
  return buildah("mount", buildah("from", image));
}

function build() {
  const base = givenBase ?? makeBase();
  const registry = process.env.REGISTRY === undefined ? [] : ["--build-arg", `NPM_REGISTRY=${process.env.REGISTRY}`];
  const how = ["--isolation", "chroot", "--format", "docker", "--layers=false", "--build-arg", `BASE=${base}`];
  const what = ["--file", join(root, "docker/Dockerfile"), "--tag", image, root];
  run("buildah", [...store, "bud", ...how, ...registry, ...what], { stdio: ["ignore", "ignore", "inherit"] });
}

/** One run of the image as compose.yaml wants it: whoever makes it stops it. */
class Container {
  constructor(rootfs, name) {
    this.name = name;
    this.bundle = join(folder, name);
    mkdirSync(this.bundle);
    run("runc", ["spec", "--bundle", this.bundle]);
    const path = join(this.bundle, "config.json");
    writeFileSync(path, JSON.stringify(specOf(JSON.parse(readFileSync(path, "utf8")), rootfs)));
    this.output = "";
    this.process = spawn("runc", ["run", "--bundle", this.bundle, name], { stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on("data", (chunk) => (this.output = (this.output + chunk).slice(-20_000)));
    }
  }

  do(...args) {
    return run("runc", ["exec", this.name, ...args]);
  }

  /** Number of its first process on this machine. */
  get pid() {
    return JSON.parse(run("runc", ["state", this.name])).pid;
  }

  async stop() {
    if (this.process.exitCode !== null) return 0;
    const startMs = performance.now();
    run("runc", ["kill", this.name, "TERM"]);
    await this.ended;
    return performance.now() - startMs;
  }

  async end() {
    if (this.process.exitCode !== null) return;
    run("runc", ["delete", "--force", this.name]);
    await this.ended;
  }
}

function specOf(spec, rootfs) {
  const { Entrypoint, Cmd, Env, WorkingDir } = JSON.parse(buildah("inspect", "--type", "image", image)).Docker.config;
  const mount = (destination, type, source, options) => ({ destination, type, source, options });
  const memory = ["nosuid", "nodev"];
  const none = Object.fromEntries(["bounding", "effective", "permitted"].map((set) => [set, []]));
  return {
    ...spec,
    root: { path: rootfs, readonly: true },
    process: {
      ...spec.process,
      terminal: false,
      user: { uid, gid: uid, additionalGids: [44] },
      args: [...Entrypoint, ...Cmd],
      // What else loads this machine is not what this is about.
      env: [...Env, "SMART_TOGGLE__GUARD__ENABLED=false"],
      cwd: WorkingDir,
      capabilities: none,
      noNewPrivileges: true,
    },
    mounts: [
      ...spec.mounts,
      mount("/run/smart-toggle", "tmpfs", "tmpfs", [...memory, `uid=${uid}`, `gid=${uid}`, "mode=0700", "size=256m"]),
      mount("/tmp", "tmpfs", "tmpfs", [...memory, "mode=1777", "size=64m"]),
      mount("/var/lib/smart-toggle", "bind", join(folder, "state"), ["bind", "rw"]),
      mount("/recordings", "bind", join(folder, "recordings"), ["bind", "rw"]),
    ],
  };
}

let rootfs;
let container;
const runNode = (args, env) => {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return container.do("env", ...variables, "node", ...args);
};
const [stranger, visitor] = [new Visitor(runNode), new Visitor(runNode)];
const hasPicture = () => stranger.hasPicture();
const statusNow = () => JSON.parse(visitor.get("/api/status"));
const recordings = () => JSON.parse(visitor.get("/api/recordings")).recordings;
const start = async (name) => {
  container = new Container(rootfs, name);
  await until("the picture", patience, hasPicture).catch((error) => {
    throw new Error(`${error.message}\n${container.output}`);
  });
};
const fails = (...args) => {
  try {
    container.do(...args);
    return false;
  } catch {
    return true;
  }
};
/** Numbers of the processes with these words in their command line, and their states. */
const look = `const { readdirSync, readFileSync } = require("node:fs");
for (const pid of readdirSync("/proc").filter((name) => /^\\d+$/.test(name))) {
  try {
    const line = readFileSync("/proc/" + pid + "/cmdline", "utf8").replaceAll("\\0", " ");
    console.log(pid, readFileSync("/proc/" + pid + "/stat", "utf8").replace(/.*\\) /, "")[0], line);
  } catch {}
}`;
const processes = () => container.do("node", "-e", look).split("\n");

const steps = {
  "the image is built": () => {
    rootfs = filesOfImage();
    const size = run("du", ["-sm", rootfs]).split("\t")[0];
    return `${size} MB`;
  },
  "its product has a picture": async () => {
    for (const name of ["state", "recordings"]) {
      mkdirSync(join(folder, name), { mode: 0o700 });
      chownSync(join(folder, name), uid, uid);
    }
    await start("smart-toggle-test-1");
  },
  "nobody gets in without TLS and an account": () => {
    expect(stranger.get("/").includes("<html"), "no page");
    expectClosedDoor(stranger);
  },
  "a browser goes in by the link of its log, sees its picture and the other camera's, and records": async () => {
    const { link } = setUpLinkIn(container.output);
    await inBrowser(container, folder, async (page) => {
      await page.goto(link);
      await fillIn(page, "set-up", administrator);
      await isLive(page);
      await expectMoving(page, "player", 0);
      await page.keyboard.press("2");
      await page.waitForSelector(`${named("camera-1")}[data-state=live]`);
      await isLive(page);
      await expectMoving(page, "player", 1);
      await page.keyboard.press("v");
      await until("six seconds of a recording", patience, async () =>
        /REC 0:(?:0[6-9]|[1-5])/.test((await page.textContent(named("rec-mark"))) ?? ""),
      );
      await page.keyboard.press("v");
      await page.waitForSelector(named("rec-mark"), { state: "detached" });
    });
    visitor.enter("/api/session", administrator);
    await until("the finished file", patience, () => recordings().some(({ state }) => state === "finished"));
  },
  "the link works once": () => {
    const body = { ...administrator, token: setUpLinkIn(container.output).token, name: "Eve" };
    expect(stranger.ask("/api/setup", { method: "POST", body }).status === 403, "it works twice");
    expect(container.do("smart-toggle", "set-up-link", "--waiting") === "", "it still waits");
  },
  "it serves playlist and media through NGINX to who is signed in": () => {
    const part = /[A-Za-z0-9_-]+\.(?:m4s|mp4)/.exec(visitor.get("/hls/main/live.m3u8"))?.[0];
    expect(part !== undefined && visitor.get(`/hls/main/${part}`).length > 100, "no media");
    expect(stranger.ask(`/hls/main/${part}`).status === 401, "media without an account");
  },
  "it runs as no root, and can write nowhere else": () => {
    expect(container.do("id", "-u") === String(uid), container.do("id"));
    expect(fails("touch", "/opt/smart-toggle/x") && fails("touch", "/etc/x"), "the root can be written");
  },
  "it is healthy, by its own check": () => {
    container.do("node", "/opt/smart-toggle/health.js");
    expect(
      fails("env", "SMART_TOGGLE__HTTP__PORT=9", "node", "/opt/smart-toggle/health.js"),
      "healthy without an answer",
    );
  },
  "its command finds nothing broken": () => {
    const { findings } = JSON.parse(container.do("smart-toggle", "doctor", "--json"));
    return findings
      .flatMap(({ subject, verdict }) => (verdict === "good" ? [] : [`${verdict}: ${subject}`]))
      .join(", ");
  },
  "it switches": () => {
    visitor.post("/api/switch", { camera: 0 });
    const { outcome, totalMs } = JSON.parse(visitor.post("/api/switch", { camera: 1 }));
    expect(outcome === "committed", outcome);
    return `${Math.round(totalMs)} ms`;
  },
  "I5 its controller killed, it has a picture again, and no zombie": async () => {
    const [pid] = processes()
      .find((line) => line.includes("main.js run"))
      .split(" ");
    const startMs = performance.now();
    container.do("node", "-e", `process.kill(${pid}, "SIGKILL")`);
    await until("a new controller", patience, () => {
      const line = processes().find((each) => each.includes("main.js run"));
      return line !== undefined && !line.startsWith(`${pid} `);
    });
    await until("the picture", patience, hasPicture);
    const ms = Math.round(performance.now() - startMs);
    expect(!processes().some((line) => line.split(" ")[1] === "Z"), processes().join("\n"));
    return `${ms} ms`;
  },
  "it stops in order": async () => {
    const ms = await container.stop();
    expect(container.process.exitCode === 0 && ms < 5000, `exit code ${container.process.exitCode} after ${ms} ms`);
    return `${Math.round(ms)} ms`;
  },
  "a new container goes on with account, state and recording, and a browser plays it": async () => {
    await start("smart-toggle-test-2");
    expect(statusNow().switch.live === 1, "another camera, or the session ended");
    expect(!container.output.includes("#set-up="), "there is a set-up link again");
    const [file] = recordings();
    const seconds = (file.endedAt - file.startedAt) / 1000;
    expect(file.camera === 1 && seconds > 4, `camera ${file.camera}, ${seconds} s`);
    await inBrowser(container, folder, async (page) => {
      await page.goto("https://127.0.0.1:8443/");
      await fillIn(page, "sign-in", administrator);
      await isLive(page);
      await page.click(named("view-recordings"));
      await page.click(`${named("files")} li:last-child .file-play`);
      await expectMoving(page, "recorded", 1);
    });
    await container.stop();
    return `${seconds.toFixed(1)} s`;
  },
  "a volume from before there were accounts stays open, and says so": async () => {
    rmSync(join(folder, "state/settings.json"));
    container = new Container(rootfs, "smart-toggle-test-3");
    const origin = "http://127.0.0.1:8001";
    await until("the picture", patience, () => stranger.get("/readyz", { origin }));
    stranger.get("/api/status", { origin });
    expect(container.output.includes("this volume is from before there were accounts"), container.output);
    await container.stop();
  },
};

let counts;
try {
  counts = await runSteps(steps, 2);
} finally {
  await container?.end();
  if (rootfs !== undefined) buildah("rm", "--all");
  rmSync(folder, { recursive: true, force: true });
}
closeWith(counts);
