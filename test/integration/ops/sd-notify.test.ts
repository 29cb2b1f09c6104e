import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { silentLog, type Log } from "../../../server/lib/log.js";
import { SdNotify, watchdogEveryMs } from "../../../server/ops/sd-notify.js";
import { findProgram } from "../../../server/process/find-program.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

let folder: string;
let told: string;
let nowMs: number;
let warnings: string[];

const clock = { monotonicMs: () => nowMs, epochMs: () => nowMs };
const pid = `--pid=${process.pid}`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sd-notify-"));
  told = join(folder, "told");
  nowMs = 1_000_000;
  warnings = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Stands in for systemd-notify: writes down its arguments, one call a line. */
function standIn(): string {
  const program = join(folder, "systemd-notify");
  writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$@" >>"$TOLD"\necho >>"$TOLD"\n`, { mode: 0o755 });
  return program;
}

function create(env: NodeJS.ProcessEnv = {}, program = standIn()): SdNotify {
  const log: Log = { ...silentLog, warn: (message) => warnings.push(message) };
  const all = { PATH: process.env["PATH"], TOLD: told, NOTIFY_SOCKET: join(folder, "socket"), ...env };
  return new SdNotify({ env: all, clock, log, program });
}

const calls = (): string[][] =>
  existsSync(told)
    ? readFileSync(told, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("|").slice(0, -1))
    : [];
const untilTold = (count: number) => until(`${count} calls`, 5000, () => (calls().length >= count ? calls() : null));

describe("what systemd is told", () => {
  it("is nothing at all without its socket", async () => {
    const notify = create({ NOTIFY_SOCKET: "", WATCHDOG_USEC: "3000000" });
    notify.ready();
    notify.pulse(() => "Camera 0 live");
    await notify.close();
    expect(calls()).toEqual([]);
  });

  it("is that the service is ready, and that it stops, in the controller's name", async () => {
    const notify = create();
    notify.ready();
    await notify.close();
    expect(calls()).toEqual([
      [pid, "READY=1"],
      [pid, "STOPPING=1"],
    ]);
  });

  it("is the status when it changed, at most every five seconds", async () => {
    const notify = create();
    const pulse = (afterMs: number, status: string) => {
      nowMs += afterMs;
      notify.pulse(() => status);
    };
    pulse(0, "Switching to camera 0");
    await untilTold(1);
    pulse(1000, "Camera 0 live");
    pulse(1000, "Camera 0\nlive");
    expect(calls()).toHaveLength(1);
    pulse(3000, "Camera 0 live");
    await untilTold(2);
    pulse(5000, "Camera 0 live");
    pulse(5000, "Camera 1 live");
    expect((await untilTold(3)).map(([, status]) => status)).toEqual([
      "STATUS=Switching to camera 0",
      "STATUS=Camera 0 live",
      "STATUS=Camera 1 live",
    ]);
    await notify.close();
  });

  it("is that it lives, with a pulse and never without, at a third of the watchdog's time", async () => {
    const notify = create({ WATCHDOG_USEC: "9000000", WATCHDOG_PID: String(process.pid) });
    for (let second = 0; second < 9; second++) {
      notify.pulse(() => "same");
      nowMs += 1000;
    }
    await notify.close();
    const assignments = calls().flat();
    expect(assignments.filter((one) => one === "WATCHDOG=1")).toHaveLength(3);
    expect(assignments.filter((one) => one.startsWith("STATUS="))).toHaveLength(1);
  });

  it("goes out one call at a time; what comes meanwhile goes together", async () => {
    const notify = create({ WATCHDOG_USEC: "3000000" });
    notify.ready();
    notify.pulse(() => "Camera 0 live");
    await notify.close();
    expect(calls()).toEqual([
      [pid, "READY=1"],
      [pid, "WATCHDOG=1", "STATUS=Camera 0 live", "STOPPING=1"],
    ]);
  });

  it("costs one warning where systemd-notify is missing, and nothing else", async () => {
    const notify = create({}, join(folder, "not-there"));
    notify.ready();
    notify.pulse(() => "Camera 0 live");
    await notify.close();
    expect(warnings).toHaveLength(1);
  });

  it("does not hold up a stop when systemd-notify hangs", async () => {
    const program = join(folder, "hangs");
    writeFileSync(program, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    const notify = create({}, program);
    const startMs = performance.now();
    await notify.close();
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

test("the watchdog's time counts only where it is meant for this process", () => {
  expect(watchdogEveryMs({}, 7)).toBeNull();
  expect(watchdogEveryMs({ WATCHDOG_USEC: "30000000" }, 7)).toBe(10_000);
  expect(watchdogEveryMs({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "7" }, 7)).toBe(10_000);
  expect(watchdogEveryMs({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "8" }, 7)).toBeNull();
  expect(watchdogEveryMs({ WATCHDOG_USEC: "soon" }, 7)).toBeNull();
});

/** A real socket as systemd has it. In Perl, which every Debian has: Node knows no Unix datagrams. */
const receiver = `
  use Socket; $| = 1;
  socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die; bind($s, sockaddr_un($ARGV[0])) or die "$!";
  print "listening\\n";
  while (defined recv($s, my $message, 4096, 0)) { $message =~ s/\\n/|/g; print "$message\\n"; }
`;

// systemd-notify comes with systemd; a container may lack it.
describe.skipIf(findProgram("systemd-notify") === null)("through the real systemd-notify and a real socket", () => {
  it("the whole product says that it is ready, how it is, that it lives and that it stops", async () => {
    const socket = join(folder, "socket");
    const perl = spawn("perl", ["-e", receiver, socket], { stdio: ["ignore", "pipe", "inherit"] });
    let heard = "";
    perl.stdout.on("data", (data: Buffer) => (heard += data.toString()));
    await until("the socket", 5000, () => heard.includes("listening"));
    const product = await Product.start({
      settings: { cameras: quickCameras },
      env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "4500000" },
    });
    try {
      await until("three signs of life", 15_000, () => heard.split("WATCHDOG=1").length > 3);
      await until("a live picture", 10_000, () => heard.includes("STATUS=Camera 0 live"));
      expect(heard.indexOf("READY=1")).toBeLessThan(heard.indexOf("WATCHDOG=1"));
      const { pid } = product;
      process.kill(pid ?? 0, "SIGSTOP");
      // A notice is followed by its barrier, from a program that runs on.
      await until("what is under way", 5000, () => heard.trimEnd().endsWith("BARRIER=1"));
      const before = heard;
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(heard).toBe(before);
      process.kill(pid ?? 0, "SIGCONT");
      expect(heard).not.toContain("STOPPING=1");
      await product.stop();
      await until("the goodbye", 5000, () => heard.includes("STOPPING=1"));
    } finally {
      await product.close();
      perl.kill("SIGKILL");
      await once(perl, "exit");
    }
  });
});
