/**
 * `make boot-test`: a Debian with systemd is made (debootstrap) and booted (systemd-nspawn, with a network of its own),
 * the product is installed in it as on any machine, somebody signs in by the link that the installation prints, and what
 * systemd promises is looked at: ready, watchdog, new start after a kill, stop, reboot, and what stays after it was taken
 * away. As root; needs debootstrap, systemd-container, a package mirror and 2 GB. TREE=folder keeps the Debian there for the
 * next time; MIRROR=address and SUITE=name choose it.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { fileURLToPath } from "node:url";
import {
  childrenOf,
  closeWith,
  expect,
  expectClosedDoor,
  mirrorOfThisMachine,
  patience,
  readOr,
  run,
  runSteps,
  setUpLinkIn,
  until,
  Visitor,
} from "./machine-steps.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages =
  "systemd,systemd-sysv,dbus,nodejs,ffmpeg,nginx-light,openssl,util-linux,procps,fontconfig-config,fonts-dejavu-core";
const { SUITE: suite = "trixie", MIRROR: mirror = mirrorOfThisMachine(), TREE: keptTree } = process.env;
const tree = keptTree ?? mkdtempSync(join(tmpdir(), "smart-toggle-boot-"));
const unit = "smart-toggle.service";
const password = "correct horse battery";
const administrator = { name: "Ann", password };
/** Of the set-up link. */
let token;

/** A kept one holds what the last time left. */
function makeTree() {
  if (existsSync(join(tree, "usr/bin/ffmpeg")) && existsSync(join(tree, "usr/bin/openssl"))) {
    run(join(root, "scripts/install.sh"), ["uninstall"], { env: { ...process.env, DESTDIR: tree } });
    const left = ["var/lib/smart-toggle", "etc/smart-toggle", `etc/systemd/system/multi-user.target.wants/${unit}`];
    for (const path of left) rmSync(join(tree, path), { recursive: true, force: true });
    keepNginxOff();
    return;
  }
  console.log(`making a Debian (${suite}) in ${tree}`);
  const args = ["--variant=minbase", `--include=${packages}`, suite, tree, mirror];
  run("debootstrap", args, { stdio: ["ignore", "ignore", "inherit"] });
  rmSync(join(tree, "etc/machine-id"), { force: true });
  keepNginxOff();
}

/** Debian starts what it installs, and does so again at a first boot. Nothing here waits for a network that is none. */
function keepNginxOff() {
  rmSync(join(tree, "etc/systemd/system/multi-user.target.wants/nginx.service"), { force: true });
  mkdirSync(join(tree, "etc/systemd/system-preset"), { recursive: true });
  writeFileSync(join(tree, "etc/systemd/system-preset/00-test.preset"), "disable nginx.service\n");
  const waiting = join(tree, "etc/systemd/system/systemd-networkd-wait-online.service");
  rmSync(waiting, { force: true });
  symlinkSync("/dev/null", waiting);
}

/** The machine that was booted: whoever makes it ends it. */
class Machine {
  constructor() {
    const args = ["--boot", `--directory=${tree}`, "--register=no", "--keep-unit", "--private-network", "--quiet"];
    const env = { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" };
    this.output = "";
    this.process = spawn("systemd-nspawn", [...args, `--bind-ro=${root}:/src`, "--console=pipe"], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.ended = new Promise((resolve) => this.process.once("exit", resolve));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on("data", (chunk) => (this.output = (this.output + chunk).slice(-20_000)));
    }
  }

  get hasEnded() {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Number of its first process on this machine; null while there is none. */
  get leader() {
    const isFirst = (pid) => /^NSpid:.*\s1$/m.test(readOr(`/proc/${pid}/status`));
    return childrenOf(this.process.pid).find(isFirst) ?? null;
  }

  /** Runs a program in it. */
  do(program, ...args) {
    const { leader } = this;
    if (leader === null) throw new Error(`The machine does not run.\n${this.output}`);
    return run("nsenter", [`--target=${leader}`, "--all", "--", program, ...args], {
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      },
    });
  }

  async end() {
    if (this.hasEnded) return;
    this.process.kill("SIGTERM");
    const late = setTimeout(() => this.process.kill("SIGKILL"), 20_000);
    await this.ended;
    clearTimeout(late);
  }
}

let machine;
const runNode = (args, env) => {
  const named = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return machine.do("env", ...named, "node", ...args);
};
const [stranger, visitor] = [new Visitor(runNode), new Visitor(runNode)];
const hasPicture = () => stranger.hasPicture();
const statusNow = () => JSON.parse(visitor.get("/api/status"));
const journal = (...args) => machine.do("journalctl", "--no-pager", "--boot", `--unit=${unit}`, ...args);
const mainPid = () => machine.do("systemctl", "show", "--value", "--property=MainPID", unit);
const isActive = () => machine.do("systemctl", "is-active", unit) === "active";
const filesOf = (folder) => machine.do("ls", "-A", folder).split("\n");
const processesOfUser = () => machine.do("sh", "-c", "ps -o pid=,args= -u smart-toggle 2>/dev/null || true");
/** A unit of Debian's own that fails at its first boot, on a busy machine as a rule, is no concern of ours. */
const systemState = () => machine.do("sh", "-c", "systemctl is-system-running || true");
const install = () => machine.do("/src/scripts/install.sh", "install");

/** Kills the controller and waits for the next one's picture; how long there was none, as its ledger says, in milliseconds. */
async function afterSignal(signal) {
  const former = mainPid();
  expect(former !== "0", "no controller runs");
  machine.do("kill", `-${signal}`, former);
  await until("a new controller", patience, () => !["0", former].includes(mainPid()));
  await until("its picture", patience, hasPicture);
  return JSON.parse(visitor.get("/api/gaps")).gaps.find(({ code }) => code === "serviceCrashed").ms;
}

const steps = {
  "the machine boots": async () => {
    machine = new Machine();
    await until("systemd", patience, () => ["running", "degraded"].includes(systemState()));
    const failed = machine.do("systemctl", "list-units", "--failed", "--plain", "--no-legend");
    return failed === "" ? undefined : `of Debian's own failed: ${failed}`;
  },
  "the product is installed and ready": async () => {
    let said;
    try {
      said = install();
    } catch (error) {
      throw new Error(`${error.message}\n${journal("--lines=40")}`, { cause: error });
    }
    ({ token } = setUpLinkIn(said));
    expect(isActive(), "not active after the installation");
    await until("the picture", patience, hasPicture);
    expect(stranger.get("/").includes("<html"), "no page");
    return machine.do("systemctl", "show", "--value", "--property=StatusText", unit);
  },
  "nobody gets in without TLS and an account": () => expectClosedDoor(stranger),
  "the link that the installation prints stands in the journal, and makes the administrator once": () => {
    expect(setUpLinkIn(journal()).token === token, "another token in the journal");
    visitor.enter("/api/setup", { token, ...administrator });
    expect(statusNow().channels.length > 0, "no status");
    const again = stranger.ask("/api/setup", { method: "POST", body: { token, name: "Eve", password } });
    expect(again.status === 403, `the link still answers ${again.status}`);
    expect(machine.do("smart-toggle", "set-up-link", "--waiting") === "", "a link still waits");
    stranger.enter("/api/session", administrator);
    stranger.cookie = "";
  },
  "it runs as a user of its own, little exposed": () => {
    const user = machine.do("ps", "-o", "user=", "-p", mainPid());
    expect(user.startsWith("smart-t"), `runs as ${user}`);
    const said = machine.do("systemd-analyze", "security", "--no-pager", unit).split("\n").at(-1);
    return said.replace(/^\W+/, "");
  },
  "its log is in the journal, without colours": () => {
    const lines = journal("--output=cat");
    expect(/smart-toggle \S+ starts/.test(lines), "the first line is missing");
    expect(!lines.includes("\u001b"), "escape sequences");
  },
  "I5 killed by SIGKILL it has a picture again within 10 s": async () => {
    const ms = await afterSignal("KILL");
    expect(ms <= 10_000, `it took ${Math.round(ms)} ms`);
    return `${Math.round(ms)} ms`;
  },
  "stopped by SIGSTOP it is replaced by the watchdog": async () => {
    const ms = await afterSignal("STOP");
    expect(/watchdog/i.test(journal()), "the journal does not name the watchdog");
    return `${Math.round(ms)} ms`;
  },
  "installed again, its settings stay": async () => {
    const settings = machine.do("cat", "/etc/smart-toggle/settings.json");
    // What else loads this machine is not what this is about.
    const guard = { cpuPercent: 100, memoryPercent: 100 };
    const own = JSON.stringify({ ...JSON.parse(settings), guard, rotation: { seconds: 77 } });
    writeFileSync(join(tree, "etc/smart-toggle/settings.json"), own);
    const said = install();
    await until("the picture", patience, hasPicture);
    expect(machine.do("cat", "/etc/smart-toggle/settings.json") === own, "the settings were replaced");
    expect(machine.do("smart-toggle", "config").includes("77"), "the command does not read them");
    expect(!said.includes("set-up") && !said.includes("is off"), said);
    statusNow();
  },
  "the commands go through the door: drill, doctor, and a bundle without a secret": () => {
    const { results } = JSON.parse(machine.do("smart-toggle", "drill", "--json", "killEncoder"));
    expect(
      results.every(({ outcome }) => outcome === "passed"),
      JSON.stringify(results),
    );
    const { findings } = JSON.parse(machine.do("smart-toggle", "doctor", "--json"));
    const verdicts = new Map(findings.map(({ subject, verdict }) => [subject, verdict]));
    for (const subject of ["service", "accounts", "TLS", "openssl", "port 8443 (tls.port)", "permissions"]) {
      expect(verdicts.get(subject) === "good", `${subject}: ${verdicts.get(subject)}`);
    }
    machine.do("smart-toggle", "support", "/root/bundle.tar.gz");
    const bundle = machine.do("tar", "--extract", "--to-stdout", "--file=/root/bundle.tar.gz");
    expect(bundle.includes("Make the administrator"), "the bundle has no log");
    const secrets = [token, password, visitor.cookie.split("=")[1], "PRIVATE KEY"];
    expect(!secrets.some((secret) => bundle.includes(secret)), "a secret is in the bundle");
    machine.do("rm", "/root/bundle.tar.gz");
    return findings
      .filter(({ verdict }) => verdict !== "good")
      .map(({ subject }) => subject)
      .join(", ");
  },
  "one from before there were accounts stays open when it is updated, and says so": async () => {
    const path = join(tree, "etc/smart-toggle/settings.json");
    const own = readFileSync(path, "utf8");
    const { access, tls, ...former } = JSON.parse(own);
    expect(access.auth === "accounts" && tls.mode === "self-made", own);
    writeFileSync(path, JSON.stringify(former));
    const said = install();
    expect(said.includes("access.auth is off") && said.includes("tls.mode is off"), said);
    await until("the picture", patience, () => stranger.get("/readyz", { origin: "http://127.0.0.1:8001" }));
    stranger.get("/api/status", { origin: "http://127.0.0.1:8001" });
    expect(journal("--lines=40").includes("there are no accounts"), "the journal does not say so");
    writeFileSync(path, own);
    machine.do("systemctl", "restart", unit);
    await until("the picture", patience, hasPicture);
  },
  "an NGINX of the system's serves it, its workers by their group": async () => {
    const path = join(tree, "etc/smart-toggle/settings.json");
    const own = readFileSync(path, "utf8");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(own), nginx: { managed: false } }));
    const dropIn = join(tree, `etc/systemd/system/${unit}.d`);
    mkdirSync(dropIn, { recursive: true });
    const modes = "[Service]\nRuntimeDirectoryMode=0750\nStateDirectoryMode=0750\nUMask=0027\n";
    writeFileSync(join(dropIn, "nginx.conf"), modes);
    machine.do("usermod", "-aG", "smart-toggle", "www-data");
    machine.do("systemctl", "daemon-reload");
    machine.do("systemctl", "stop", unit);
    machine.do("systemctl", "start", unit);
    const site = join(tree, "etc/nginx/conf.d/smart-toggle.conf");
    writeFileSync(site, machine.do("smart-toggle", "nginx-config"));
    machine.do("systemctl", "start", "nginx");
    await until("the picture", patience, hasPicture);
    const part = /[A-Za-z0-9_-]+\.(?:m4s|mp4)/.exec(visitor.get("/hls/main/live.m3u8"))?.[0];
    expect(visitor.get(`/hls/main/${part}`).length > 100, "no media");
    expectClosedDoor(stranger);
    const open = machine.do(
      "find",
      "/var/lib/smart-toggle",
      "-type",
      "f",
      "-perm",
      "/027",
      "-not",
      "-path",
      "*/recordings/*",
    );
    machine.do("systemctl", "stop", "nginx");
    rmSync(site);
    rmSync(dropIn, { recursive: true });
    writeFileSync(path, own);
    machine.do("systemctl", "daemon-reload");
    machine.do("systemctl", "restart", unit);
    await until("the picture", patience, hasPicture);
    expect(open === "", `readable by the group: ${open}`);
  },
  "it switches": () => {
    const { outcome, totalMs } = JSON.parse(visitor.post("/api/switch", { camera: 1 }));
    expect(outcome === "committed", outcome);
    return `${Math.round(totalMs)} ms`;
  },
  "a stop leaves nothing, and is no failure": () => {
    machine.do("systemctl", "stop", unit);
    expect(processesOfUser() === "", `left: ${processesOfUser()}`);
    const result = machine.do("systemctl", "show", "--value", "--property=Result", unit);
    expect(result === "success", result);
    expect(!filesOf("/run").includes("smart-toggle"), "/run/smart-toggle is still there");
    const lines = journal("--output=cat", "--lines=8");
    expect(!/ (?:warn|error) /.test(lines), `the stop was not in order:\n${lines}`);
    machine.do("systemctl", "start", unit);
  },
  "after a reboot it has a picture, of the same camera": async () => {
    await until("the picture", patience, hasPicture);
    spawnSync("nsenter", [`--target=${machine.leader}`, "--all", "--", "systemctl", "poweroff"]);
    await until("the end of the former boot", patience, () => machine.hasEnded);
    machine = new Machine();
    await until("the picture", patience, hasPicture);
    expect(statusNow().switch.live === 1, "another camera");
  },
  "uninstalled, nothing runs, and settings and state stay": () => {
    machine.do("/src/scripts/install.sh", "uninstall");
    expect(processesOfUser() === "", `left: ${processesOfUser()}`);
    expect(filesOf("/var/lib/smart-toggle").includes("smart-toggle.db"), "the database is gone");
    expect(filesOf("/etc/smart-toggle").includes("settings.json"), "the settings are gone");
    expect(!filesOf("/opt").includes("smart-toggle"), "the program is still there");
  },
  "installed anew, it goes on from there": async () => {
    install();
    await until("the picture", patience, hasPicture);
    expect(statusNow().switch.live === 1, "another camera");
  },
};

let counts;
try {
  makeTree();
  counts = await runSteps(steps, 2);
} finally {
  await machine?.end();
  if (keptTree === undefined) rmSync(tree, { recursive: true, force: true });
}
closeWith(counts);
