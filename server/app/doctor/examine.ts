/**
 * `smart-toggle doctor`: reads what has to be read, one thing after the other, and has it judged. It opens a camera only
 * where the service does not run, encodes a second, writes 8 MB and removes them; it changes nothing.
 */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { commandHeaders } from "../../accounts/command-token.js";
import { liveDirectory } from "../../config/live-directory.js";
import { defaultProfile } from "../../config/profile.js";
import type { Settings } from "../../config/schema.js";
import { ThrottlingProbe } from "../../guard/resources/throttling-probe.js";
import { readTemperature } from "../../guard/resources/thermal.js";
import { systemClock } from "../../lib/clock.js";
import { silentLog } from "../../lib/log.js";
import { version } from "../../lib/package-root.js";
import { unknownFinding, type Finding } from "../../ops/doctor/finding.js";
import { judgeBootConfig, judgeCameras, judgeHolders } from "../../ops/doctor/judge-cameras.js";
import {
  judgeClock,
  judgeDisk,
  judgeLive,
  judgeMemory,
  judgeRecordings,
  judgeTemperature,
  judgeThrottling,
  judgeVoltage,
} from "../../ops/doctor/judge-machine.js";
import { judgeAccounts, judgeCertificate } from "../../ops/doctor/judge-door.js";
import { judgeEncoder, judgePort, judgeProgram, judgeRights, judgeService } from "../../ops/doctor/judge-service.js";
import { readClock, readDisk, readFolder, readMemory, within } from "../../ops/doctor/machine-probes.js";
import type { DoctorReport } from "../../ops/doctor/report.js";
import { readService } from "../../ops/doctor/service-answers.js";
import { portsOf, readPort, readProgram, readRights } from "../../ops/doctor/service-probes.js";
import { chooseEncoder } from "../../stream/encoder-choice.js";
import { probeEncoder } from "../../stream/encoder-probe.js";
import { hardwareEncoder, softwareEncoder } from "../../stream/video-encoder.js";
import { readCameras, readHolders } from "./camera-facts.js";
import { readAccounts, readCertificate } from "./door-facts.js";

export interface Surroundings {
  /** Where config.txt may be; only a Raspberry Pi has one. */
  readonly bootConfigs: readonly string[];
  /** Where the device files are. */
  readonly devices: string;
}

const realSurroundings: Surroundings = {
  bootConfigs: ["/boot/firmware/config.txt", "/boot/config.txt"],
  devices: "/dev",
};

/** A file call that takes longer hangs. */
const limitMs = 15_000;

export async function examine(settings: Settings, surroundings = realSurroundings): Promise<DoctorReport> {
  const headers = await commandHeaders(settings).catch(() => ({}));
  const service = await readService(settings.http.port, headers);
  const findings = [
    judgeService(service),
    judgeAccounts(await readAccounts(settings)),
    judgeCertificate(await readCertificate(settings), Date.now()),
    ...(await examineCameras(settings, service.answers, surroundings)),
    ...(await examinePrograms(settings, surroundings)),
    ...(await examinePorts(settings, service.answers)),
    ...(await examineMachine(settings)),
    judgeRights(await readRights(await pathsOf(settings, surroundings))),
  ];
  return { version, at: Date.now(), findings };
}

async function examineCameras(settings: Settings, answers: boolean, surroundings: Surroundings): Promise<Finding[]> {
  const { facts, ids } = await readCameras(settings, answers);
  const bootConfig = surroundings.bootConfigs.find((path) => existsSync(path)) ?? null;
  const text = bootConfig === null ? "" : await readFile(bootConfig, "utf8").catch(() => null);
  return [
    judgeCameras(facts),
    judgeHolders(await readHolders(settings, ids)),
    text === null ? unknownFinding("camera in config.txt", "it cannot be read") : judgeBootConfig(bootConfig, text),
  ];
}

async function examinePrograms({ stream, nginx, tls }: Settings, { devices }: Surroundings): Promise<Finding[]> {
  const { ffmpegProgram, encoder: setting } = stream;
  const ffmpeg = await readProgram(ffmpegProgram, "-version");
  const found = [judgeProgram(ffmpeg, 5, "ffmpeg"), judgeProgram(await readProgram(nginx.program, "-v"), 1, "nginx")];
  // It makes the certificate.
  if (tls.mode === "self-made") found.push(judgeProgram(await readProgram("openssl", "version"), 1, "openssl"));
  if (!ffmpeg.found) return found;
  const profile = defaultProfile;
  const { taken } = await chooseEncoder({ setting, ffmpegProgram, profile, devices });
  const wanted = setting === softwareEncoder ? [softwareEncoder] : [softwareEncoder, hardwareEncoder];
  const trials = [];
  for (const encoder of wanted) {
    trials.push({ encoder, ...(await probeEncoder({ videoEncoder: encoder, profile, ffmpegProgram })) });
  }
  return [...found, judgeEncoder(setting, taken, trials)];
}

async function examinePorts(settings: Settings, answers: boolean): Promise<Finding[]> {
  const ports = portsOf(settings);
  const facts = await Promise.all(ports.map(({ key, port, address }) => readPort(key, port, address)));
  return facts.map((each) => judgePort(each, answers));
}

async function examineMachine({ guard, paths, http, recording }: Settings): Promise<Finding[]> {
  const { sysfs, vcgencmdProgram: program } = guard;
  const throttling = new ThrottlingProbe({ program, sysfs, clock: systemClock, log: silentLog });
  const power = await within(limitMs, throttling.read());
  throttling.close();
  return [
    judgeVoltage(power),
    judgeThrottling(power),
    judgeTemperature(await within(limitMs, readTemperature(sysfs)), guard),
    judgeMemory(await within(limitMs, readMemory())),
    judgeLive(await within(limitMs, readFolder(liveDirectory({ paths, http })))),
    judgeDisk(await within(limitMs, readDisk(paths.state))),
    judgeRecordings(await within(limitMs, readFolder(resolve(recording.directory))), recording.minFreeMb),
    judgeClock(await readClock()),
  ];
}

/**
 * What the service reads and writes, and the devices of cameras and firmware. The memory that pictures are shared in matters on a
 * Raspberry Pi alone; the firmware's whole mailbox is root's where there is the one that only answers commands (since May 2026).
 */
async function pathsOf(settings: Settings, { devices, bootConfigs }: Surroundings) {
  const names: string[] = await readdir(devices).catch(() => []);
  const heaps = await readdir(join(devices, "dma_heap")).catch(() => []);
  const firmware = names.includes("vcio_gencmd") ? "vcio_gencmd" : "vcio";
  const wanted = names.filter((name) => /^(?:media\d+|v4l-subdev\d+)$/.test(name) || name === firmware);
  const isPi = bootConfigs.some((path) => existsSync(path));
  return {
    folders: [settings.paths.state, liveDirectory(settings), settings.recording.directory],
    devices: [...wanted, ...(isPi ? heaps.map((name) => join("dma_heap", name)) : [])].map((name) =>
      join(devices, name),
    ),
  };
}
