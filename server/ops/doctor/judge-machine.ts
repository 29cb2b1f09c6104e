/** Judgements on the machine: power, heat, clock, memory, disk and tmpfs. Pure. Sizes are in bytes. */
import type { Measured } from "../../lib/measured.js";
import { broken, good, unknownFinding, warning, type Finding } from "./finding.js";

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** What a Pi says of its power and heat; null is unknown. */
export interface PowerFlags {
  readonly underVoltage: boolean | null;
  readonly throttled: boolean | null;
  readonly frequencyCapped: boolean | null;
  readonly softTemperatureLimit: boolean | null;
}

export type PowerFacts = Measured<{ readonly now: PowerFlags; readonly sinceBoot: PowerFlags }>;

const supply = "use the official 27 W supply (5.1 V, 5 A) and its own cable, and take USB devices off";

export function judgeVoltage(facts: PowerFacts): Finding {
  const subject = "power supply";
  if (!facts.known) return unknownFinding(subject, facts.why);
  const { now, sinceBoot } = facts.value;
  if (now.underVoltage === true) return broken(subject, "the voltage is too low now", supply);
  if (sinceBoot.underVoltage === true) return warning(subject, "the voltage was too low since the start", supply);
  if (now.underVoltage === null) return unknownFinding(subject, facts.lacks ?? "nothing tells the voltage");
  return good(subject, "the voltage was never too low since the start");
}

export function judgeThrottling(facts: PowerFacts): Finding {
  const subject = "throttling";
  if (!facts.known) return unknownFinding(subject, facts.why);
  const slowed = ({ throttled, frequencyCapped, softTemperatureLimit }: PowerFlags): boolean =>
    [throttled, frequencyCapped, softTemperatureLimit].includes(true);
  const cool = "give it air: an active cooler, and no closed case";
  if (slowed(facts.value.now)) return broken(subject, "the processor is slowed down now", cool);
  if (slowed(facts.value.sinceBoot)) return warning(subject, "the processor was slowed down since the start", cool);
  if (facts.value.now.throttled === null) return unknownFinding(subject, facts.lacks ?? "nothing tells of it");
  return good(subject, "never since the start");
}

export interface TemperatureLimits {
  readonly temperatureReduceC: number;
  readonly temperatureStopC: number;
}

export function judgeTemperature(celsius: Measured<number>, limits: TemperatureLimits): Finding {
  const subject = "temperature";
  if (!celsius.known) return unknownFinding(subject, celsius.why);
  const figure = `${celsius.value.toFixed(1)} °C`;
  const { temperatureReduceC, temperatureStopC } = limits;
  const cool = "give it air: an active cooler, and no closed case";
  if (celsius.value >= temperatureStopC) {
    return broken(subject, `${figure}: from ${temperatureStopC} °C the picture is stopped`, cool);
  }
  if (celsius.value >= temperatureReduceC) {
    return warning(subject, `${figure}: from ${temperatureReduceC} °C the picture is reduced`, cool);
  }
  return good(subject, figure);
}

/** `synchronized` as systemd says. */
export function judgeClock(synchronized: Measured<boolean>): Finding {
  const subject = "clock";
  if (!synchronized.known) return unknownFinding(subject, synchronized.why);
  if (synchronized.value) return good(subject, "set by a time server");
  return warning(
    subject,
    "no time server has set it: times of events and recordings may be wrong",
    "sudo timedatectl set-ntp true",
  );
}

export interface MemoryFacts {
  readonly totalBytes: number;
  readonly availableBytes: number;
  /** The kernel killed so many processes for want of memory since the start; null: unknown. */
  readonly kills: number | null;
}

/** DESIGN's budget for the whole product, and as much again for the system. */
const wantedBytes = 600e6;
const neededBytes = 300e6;

export function judgeMemory(facts: Measured<MemoryFacts>): Finding {
  const subject = "memory";
  if (!facts.known) return unknownFinding(subject, facts.why);
  const { totalBytes, availableBytes, kills } = facts.value;
  const figure = `${mb(availableBytes)} of ${mb(totalBytes)} available`;
  const look = "see what takes it: ps -eo rss,args --sort=-rss | head";
  if (kills !== null && kills > 0) {
    return warning(subject, `${figure}; since the start the kernel killed ${kills} for want of it`, look);
  }
  if (availableBytes < neededBytes) return broken(subject, `${figure}: ${mb(neededBytes)} are needed`, look);
  if (availableBytes < wantedBytes) return warning(subject, figure, look);
  return good(subject, figure);
}

export interface FolderFacts {
  readonly path: string;
  readonly isTmpfs: boolean;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** Forty seconds of 1080p at 8 Mbit/s, and as much again for what is being written. */
const liveBytes = 80e6;

export function judgeLive(facts: Measured<FolderFacts>): Finding {
  const subject = "live media";
  if (!facts.known) return unknownFinding(subject, facts.why);
  const { path, isTmpfs, totalBytes, freeBytes } = facts.value;
  const figure = `${mb(freeBytes)} of ${mb(totalBytes)} free at ${path}`;
  if (!isTmpfs) {
    return broken(
      subject,
      `${path} is no tmpfs: five files a second would wear out the card`,
      "set paths.live to a folder below /run or /dev/shm",
    );
  }
  const mend = `sudo du -xh -d2 ${path} | sort -h | tail`;
  if (freeBytes < liveBytes / 4) return broken(subject, figure, mend);
  return freeBytes < liveBytes ? warning(subject, figure, mend) : good(subject, figure);
}

export interface DiskFacts {
  readonly path: string;
  readonly freeBytes: number;
  /** Of one file written and synced. */
  readonly bytesPerSecond: number;
  /** The longest of a few syncs of one block. */
  readonly syncMs: number;
}

export function judgeDisk(facts: Measured<DiskFacts>): Finding {
  const subject = "disk of the state";
  if (!facts.known) return unknownFinding(subject, facts.why);
  const { path, freeBytes, bytesPerSecond, syncMs } = facts.value;
  const figure = `${mb(freeBytes)} free at ${path}, ${mb(bytesPerSecond)}/s, a sync takes up to ${Math.round(syncMs)} ms`;
  if (freeBytes < 50e6) return broken(subject, figure, `sudo du -xh -d3 / | sort -h | tail`);
  const slow = bytesPerSecond < 4e6 || syncMs > 1000;
  if (slow) return warning(subject, `${figure}: slow for a card`, "use a card of class A2, or an SSD");
  return freeBytes < 500e6 ? warning(subject, figure, `sudo du -xh -d3 / | sort -h | tail`) : good(subject, figure);
}

/** Below this a file of 30 s hardly fits. */
const recordingBytes = 100e6;

/** `minFreeMb`: below it the oldest recordings are deleted. */
export function judgeRecordings(facts: Measured<FolderFacts>, minFreeMb: number): Finding {
  const subject = "disk of the recordings";
  if (!facts.known) return unknownFinding(subject, facts.why);
  const { path, isTmpfs, totalBytes, freeBytes } = facts.value;
  const figure = `${mb(freeBytes)} of ${mb(totalBytes)} free at ${path}`;
  if (isTmpfs) {
    return warning(
      subject,
      `${path} is a tmpfs: recordings are gone with the power`,
      "set recording.directory to a disk",
    );
  }
  const mend = `see what takes it: sudo du -xh -d2 ${path} | sort -h | tail`;
  if (freeBytes < recordingBytes) return broken(subject, figure, mend);
  if (freeBytes < minFreeMb * 1e6) {
    return warning(
      subject,
      `${figure}: below recording.minFreeMb (${minFreeMb}) the oldest recordings are deleted`,
      mend,
    );
  }
  return good(subject, figure);
}
