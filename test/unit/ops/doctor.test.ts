import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../server/lib/measured.js";
import { broken, good, unknownFinding, warning, type Finding } from "../../../server/ops/doctor/finding.js";
import {
  judgeBootConfig,
  judgeCameras,
  judgeHolders,
  parseBootConfig,
} from "../../../server/ops/doctor/judge-cameras.js";
import {
  judgeClock,
  judgeDisk,
  judgeLive,
  judgeMemory,
  judgeRecordings,
  judgeTemperature,
  judgeThrottling,
  judgeVoltage,
} from "../../../server/ops/doctor/judge-machine.js";
import { judgeAccounts, judgeCertificate } from "../../../server/ops/doctor/judge-door.js";
import {
  judgeEncoder,
  judgePort,
  judgeProgram,
  judgeRights,
  judgeService,
} from "../../../server/ops/doctor/judge-service.js";
import { doctorText, exitCodeOf } from "../../../server/ops/doctor/report.js";
import { isAllowed, personIn } from "../../../server/ops/doctor/service-probes.js";

const mb = 1e6;
const calm = { underVoltage: false, throttled: false, frequencyCapped: false, softTemperatureLimit: false };
const power = (now: object, sinceBoot: object = now) =>
  known({ now: { ...calm, ...now }, sinceBoot: { ...calm, ...sinceBoot } });
const limits = { temperatureReduceC: 75, temperatureStopC: 80 };
const memory = (availableBytes: number, kills: number | null = 0) =>
  known({ totalBytes: 4000 * mb, availableBytes, kills });
const live = (freeBytes: number, isTmpfs = true) => known({ path: "/run", isTmpfs, totalBytes: 800 * mb, freeBytes });
const disk = (freeBytes: number, bytesPerSecond = 40 * mb, syncMs = 20) =>
  known({ path: "/var", freeBytes, bytesPerSecond, syncMs });
const seen = (...connected: boolean[]) =>
  judgeCameras({
    kind: "seen",
    cameras: connected.map((each, number) => ({ number, model: "imx708", connected: each })),
  });
const holder = (isOurs: boolean) => ({ pid: 7, name: "rpicam-hello", isOurs });
const holders = (devices: string[], held: boolean[], unreadable = false, cameras = 1) =>
  judgeHolders({ cameras, devices, holders: held.map(holder), unreadable });
const trial = (encoder: string, works: boolean) => ({ encoder, works, said: works ? "fine" : "no device" });
const port = { key: "nginx.port", port: 8001 };
const right = (path: string, allowed: boolean) => ({ path, kind: "folder" as const, allowed, group: null });
const day = 86_400_000;
const selfMade = (state: "made" | "missing" | "hidden", why: string | null = null) =>
  judgeCertificate({ mode: "self-made", state, why }, 0);
const ofFiles = (endsAtMs: number | null) =>
  judgeCertificate({ mode: "files", path: "/c.pem", endsAtMs, why: "EACCES" }, 0);

const cases: [string, Finding, Finding["verdict"], RegExp][] = [
  ["cameras that are there", seen(true, true), "good", /0 imx708, 1 imx708/],
  ["one that is gone", seen(true, false), "broken", /not connected: 1/],
  ["none", seen(), "broken", /none/],
  ["a listing that failed", judgeCameras({ kind: "failed", why: "busy" }), "broken", /busy/],
  ["a service that tells nothing", judgeCameras({ kind: "unknown", why: "closed" }), "unknown", /closed/],
  ["simulated ones, wanted", judgeCameras({ kind: "simulated", count: 2, wanted: true, why: "" }), "good", /2/],
  [
    "simulated ones, unasked",
    judgeCameras({ kind: "simulated", count: 2, wanted: false, why: "none" }),
    "warning",
    /none/,
  ],
  ["nobody at the cameras", holders(["/dev/v4l-subdev0"], []), "good", /nobody/],
  ["ourselves at them", holders(["/dev/v4l-subdev0"], [true]), "good", /Smart Toggle/],
  ["somebody else at them", holders(["/dev/v4l-subdev0"], [true, false]), "broken", /rpicam-hello, process 7/],
  ["holders that hide", holders(["/dev/v4l-subdev0"], [], true), "unknown", /root/],
  ["cameras without devices", holders([], []), "unknown", /cannot be told/],
  ["a machine without cameras", holders([], [], false, 0), "good", /no real camera/],
  ["a firmware that looks for cameras", judgeBootConfig("/c", "camera_auto_detect=1"), "good", /auto_detect/],
  ["an overlay", judgeBootConfig("/c", "camera_auto_detect=0\ndtoverlay=imx708,cam0"), "good", /imx708,cam0/],
  ["a firmware that looks for none", judgeBootConfig("/c", "dtoverlay=vc4-kms-v3d"), "broken", /no camera/],
  ["the camera stack of years ago", judgeBootConfig("/c", "camera_auto_detect=1\nstart_x=1"), "broken", /start_x/],
  ["no config.txt", judgeBootConfig(null, ""), "good", /no Raspberry/],
  ["a calm Pi", judgeVoltage(power({})), "good", /never/],
  ["too little voltage now", judgeVoltage(power({ underVoltage: true })), "broken", /now/],
  ["too little voltage before", judgeVoltage(power({}, { underVoltage: true })), "warning", /since the start/],
  ["a voltage that nobody tells", judgeVoltage(power({ underVoltage: null })), "unknown", /voltage/],
  ["no vcgencmd", judgeVoltage(unknown("none")), "unknown", /none/],
  ["a processor at speed", judgeThrottling(power({})), "good", /never/],
  ["one that is slowed down", judgeThrottling(power({ frequencyCapped: true })), "broken", /now/],
  ["one that was slowed down", judgeThrottling(power({}, { throttled: true })), "warning", /since the start/],
  ["a speed that nobody tells", judgeThrottling(power({ throttled: null })), "unknown", /./],
  ["a cool processor", judgeTemperature(known(50), limits), "good", /50.0 °C/],
  ["a warm one", judgeTemperature(known(75), limits), "warning", /reduced/],
  ["a hot one", judgeTemperature(known(80), limits), "broken", /stopped/],
  ["no sensor", judgeTemperature(unknown("none"), limits), "unknown", /none/],
  ["a clock that is set", judgeClock(known(true)), "good", /time server/],
  ["a clock that is not", judgeClock(known(false)), "warning", /wrong/],
  ["no systemd", judgeClock(unknown("no systemd")), "unknown", /systemd/],
  ["memory enough", judgeMemory(memory(2000 * mb)), "good", /2000 MB/],
  ["little memory", judgeMemory(memory(500 * mb)), "warning", /500 MB/],
  ["too little memory", judgeMemory(memory(200 * mb)), "broken", /needed/],
  ["kills for want of it", judgeMemory(memory(2000 * mb, 3)), "warning", /killed 3/],
  ["tmpfs with room", judgeLive(live(700 * mb)), "good", /700 MB/],
  ["tmpfs with little room", judgeLive(live(50 * mb)), "warning", /50 MB/],
  ["a full tmpfs", judgeLive(live(1 * mb)), "broken", /1 MB/],
  ["live media on a card", judgeLive(live(700 * mb, false)), "broken", /no tmpfs/],
  ["a quick disk", judgeDisk(disk(9000 * mb)), "good", /40 MB\/s/],
  ["a slow disk", judgeDisk(disk(9000 * mb, 2 * mb)), "warning", /slow/],
  ["a disk that syncs slowly", judgeDisk(disk(9000 * mb, 40 * mb, 1500)), "warning", /1500 ms/],
  ["a full disk", judgeDisk(disk(10 * mb, 0, 0)), "broken", /10 MB/],
  ["a program", judgeProgram({ found: true, program: "ffmpeg", version: "7.1.2" }, 5, "ffmpeg"), "good", /7.1.2/],
  ["an old one", judgeProgram({ found: true, program: "ffmpeg", version: "4.4" }, 5, "ffmpeg"), "warning", /older/],
  ["one without a version", judgeProgram({ found: true, program: "x", version: null }, 5, "x"), "unknown", /version/],
  ["a missing one", judgeProgram({ found: false, program: "nginx" }, 1, "nginx"), "broken", /not installed/],
  ["an encoder", judgeEncoder("auto", "libx264", [trial("libx264", true)]), "good", /auto takes libx264/],
  ["one that does not encode", judgeEncoder("auto", "libx264", [trial("libx264", false)]), "broken", /no device/],
  ["an encoder nobody tried", judgeEncoder("auto", "libx264", []), "broken", /does not encode/],
  ["a free port", judgePort({ ...port, state: { kind: "free" } }, false), "good", /free/],
  ["our own port", judgePort({ ...port, state: { kind: "taken", by: " by nginx" } }, true), "good", /by nginx/],
  ["another's port", judgePort({ ...port, state: { kind: "taken", by: " by nginx" } }, false), "broken", /by nginx/],
  [
    "a refused port",
    judgePort({ ...port, state: { kind: "refused", why: "privileged", mend: "set another" } }, false),
    "broken",
    /privileged/,
  ],
  ["a live service", judgeService({ answers: true, live: true, why: "" }), "good", /live/],
  ["one without a picture", judgeService({ answers: true, live: false, why: "off" }), "broken", /off/],
  ["one that is stopped", judgeService({ answers: false, unit: "inactive" }), "warning", /does not run/],
  ["one that was never installed", judgeService({ answers: false, unit: null }), "warning", /not installed/],
  ["one that fails", judgeService({ answers: false, unit: "failed" }), "broken", /failed/],
  ["rights", judgeRights({ user: "u", paths: [right("/a", true)] }), "good", /all of 1/],
  ["a right that lacks", judgeRights({ user: "u", paths: [right("/a", false)] }), "broken", /\/a/],
  ["recordings with room", judgeRecordings(live(9000 * mb, false), 1000), "good", /9000 MB/],
  ["recordings that are deleted", judgeRecordings(live(900 * mb, false), 1000), "warning", /minFreeMb \(1000\)/],
  ["a disk without room for any", judgeRecordings(live(50 * mb, false), 1000), "broken", /50 MB/],
  ["recordings in memory", judgeRecordings(live(9000 * mb), 1000), "warning", /tmpfs/],
  ["a disk that hangs", judgeRecordings(unknown("hangs"), 1000), "unknown", /hangs/],
  ["accounts", judgeAccounts({ auth: "accounts", needsSetUp: false }), "good", /signs in/],
  ["accounts that nobody has", judgeAccounts({ auth: "accounts", needsSetUp: true }), "warning", /nobody can sign in/],
  [
    "accounts of a service that is stopped",
    judgeAccounts({ auth: "accounts", needsSetUp: null }),
    "unknown",
    /service/,
  ],
  ["an open page", judgeAccounts({ auth: "off", address: "*" }), "warning", /whoever/],
  ["a page for this machine alone", judgeAccounts({ auth: "off", address: "127.0.0.1" }), "good", /itself/],
  ["no TLS", judgeCertificate({ mode: "off", address: "0.0.0.0" }, 0), "warning", /read along/],
  ["no TLS on loopback", judgeCertificate({ mode: "off", address: "::1" }, 0), "good", /itself/],
  ["a certificate of our own", selfMade("made"), "good", /all names/],
  ["one for another address", selfMade("made", "10.0.0.7 is not in it"), "warning", /10\.0\.0\.7/],
  ["one that is not made yet", selfMade("missing"), "good", /first start/],
  ["one that may not be read", selfMade("hidden"), "unknown", /root/],
  ["a certificate from files", ofFiles(day * 60), "good", /1970-03-02/],
  ["one that ends soon", ofFiles(day * 13), "warning", /ends on 1970-01-14/],
  ["one that has ended", ofFiles(-day), "broken", /ended on 1969-12-31/],
  ["one that cannot be read", ofFiles(null), "broken", /EACCES/],
];

describe("the doctor's judgement", () => {
  it.each(cases)("on %s", (_, finding, verdict, why) => {
    expect([finding.verdict, finding.why]).toEqual([verdict, expect.stringMatching(why)]);
    const needsMending = verdict === "warning" || verdict === "broken";
    expect(finding.mend === null).toBe(!needsMending);
  });

  it("names the group that gives the right to a device", () => {
    const device = { path: "/dev/media0", kind: "device", allowed: false } as const;
    const mendOf = (group: string | null) => judgeRights({ user: "smart-toggle", paths: [{ ...device, group }] }).mend;
    expect(mendOf("video")).toContain("usermod -aG video smart-toggle");
    expect(mendOf(null)).toContain("raspberrypi-sys-mods");
  });
});

describe("config.txt", () => {
  it("is read as a Pi 5 does: other models' lines, comments and what stands later", () => {
    const text = `camera_auto_detect=1 # as delivered
[pi4]
dtoverlay=imx219
start_x=1
[all]
camera_auto_detect=0
dtoverlay=vc4-kms-v3d
#dtoverlay=ov5647
[pi5]
dtoverlay=imx477,cam1
`;
    expect(parseBootConfig(text)).toEqual({ autoDetect: false, overlays: ["imx477,cam1"], legacyStack: false });
  });
});

describe("rights", () => {
  const passwd = "root:x:0:0::/root:/bin/sh\nsmart-toggle:x:995:995::/var/lib/smart-toggle:/usr/sbin/nologin\n";
  const group = "video:x:44:pi,smart-toggle\nrender:x:106:smart-toggle-too\nsmart-toggle:x:995:\n";

  it("are those of the service's user and its groups", () => {
    const person = personIn("smart-toggle", passwd, group);
    expect(person).toEqual({ name: "smart-toggle", uid: 995, groups: [995, 44] });
    expect(personIn("nobody", passwd, group)).toBeNull();
  });

  it.each([
    ["its owner", { uid: 995, gid: 0, mode: 0o600 }, true],
    ["its group", { uid: 0, gid: 44, mode: 0o660 }, true],
    ["a group that may not", { uid: 0, gid: 44, mode: 0o606 }, false],
    ["others", { uid: 0, gid: 106, mode: 0o660 }, false],
  ])("go by the mode of a file, for %s", (_, file, allowed) => {
    const person = { name: "smart-toggle", uid: 995, groups: [995, 44] };
    expect(isAllowed(person, file, 6)).toBe(allowed);
    expect(isAllowed({ ...person, uid: 0 }, file, 6)).toBe(true);
  });
});

describe("the report", () => {
  const report = (...findings: Finding[]) => ({ version: "1.2.3", at: 0, findings });

  it("says what mends a thing below it", () => {
    const text = doctorText(report(good("clock", "set"), broken("port 8001", "taken", "free it")));
    expect(text).toBe(
      [
        "Smart Toggle 1.2.3",
        "good     clock      set",
        "BROKEN   port 8001  taken",
        "                    mend: free it",
        "1 good, 0 warnings, 1 broken, 0 unknown",
        "",
      ].join("\n"),
    );
  });

  it("ends with 1 where something is broken, and for nothing less", () => {
    expect(exitCodeOf(report(good("a", ""), warning("b", "", null), unknownFinding("c", "")))).toBe(0);
    expect(exitCodeOf(report(good("a", ""), broken("b", "", null)))).toBe(1);
  });
});
