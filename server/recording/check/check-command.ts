/** `smart-toggle check`: the recordings and the live channels of a set of settings, whether the service runs or not. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { lockFolder, openForReading } from "../../config/database.js";
import { liveDirectory } from "../../config/live-directory.js";
import type { Settings } from "../../config/schema.js";
import { readChannel } from "../../hls/read-channel.js";
import { AppError } from "../../lib/errors.js";
import { createLog } from "../../lib/log.js";
import { readCatalogue } from "../catalogue/open-catalogue.js";
import { recorderConfig } from "../recorder-config.js";
import { checkRecordings, type CheckReport, type Finding, type OnProgress } from "./checker.js";
import { Intervals, type Interval } from "./intervals.js";
import { repairRecordings } from "./repair-recordings.js";

export interface CheckResult extends CheckReport {
  /** The service runs. */
  readonly running: boolean;
  /** What of I3 and I4 does not hold of the public channels. */
  readonly channelProblems: readonly string[];
}

/** Rejects `alreadyRunning` when something is to be repaired while the service runs. */
export async function runCheck(settings: Settings, repair: boolean, onProgress: OnProgress): Promise<CheckResult> {
  const { state } = settings.paths;
  const lock = tryLock(state);
  try {
    if (repair && lock === "taken") {
      throw new AppError(
        "alreadyRunning",
        "Stop the service first: what is wrong is repaired only while it does not run.",
      );
    }
    if (repair) await repairRecordings(recorderConfig(settings), createLog(settings.log), onProgress);
    return { ...(await check(settings, lock === "taken", onProgress)), channelProblems: channelProblems(settings) };
  } finally {
    if (lock !== "taken") lock?.close();
  }
}

async function check(
  settings: Settings,
  running: boolean,
  onProgress: OnProgress,
): Promise<CheckReport & { readonly running: boolean }> {
  const { state } = settings.paths;
  const catalogue = readCatalogue(state);
  try {
    const directory = resolve(settings.recording.directory);
    const explained = explainedIn(state);
    return { running, ...(await checkRecordings({ directory, catalogue, explained, running, onProgress })) };
  } finally {
    catalogue?.close();
  }
}

/** Null: there is no such folder yet. */
function tryLock(state: string): ReturnType<typeof lockFolder> | "taken" | null {
  if (!existsSync(state)) return null;
  try {
    return lockFolder(state);
  } catch (error) {
    if (error instanceof AppError && error.code === "alreadyRunning") return "taken";
    throw error;
  }
}

/** Gaps of the ledger, and switches. */
function explainedIn(state: string): Intervals {
  const database = openForReading(state);
  if (database === null) return new Intervals([]);
  const sql = `SELECT from_at AS "from", coalesce(to_at, ?) AS "to" FROM gaps UNION ALL
    SELECT requested_at, requested_at + coalesce(total_ms, 0) FROM switches`;
  const found = database.prepare<[number], Interval>(sql).all(Date.now());
  database.close();
  return new Intervals(found);
}

function channelProblems(settings: Settings): string[] {
  const folder = join(resolve(liveDirectory(settings)), "hls");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "live.m3u8")))
    .flatMap((name) => problemsOf(join(folder, name)).map((problem) => `${name}: ${problem}`));
}

function problemsOf(directory: string): readonly string[] {
  try {
    return readChannel(directory).problems;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** For people. */
export function checkTable(result: CheckResult): string {
  const { recordings, bytes, problems, notes, channelProblems: channels, running } = result;
  const line = ({ path, message }: Finding): string => `  ${path}: ${message}`;
  const count = problems.length + channels.length;
  return [
    `${recordings} recordings, ${(bytes / 1e6).toFixed(0)} MB; the service ${running ? "runs" : "does not run"}`,
    ...(notes.length > 0 ? ["to be known:", ...notes.map(line)] : []),
    ...(count > 0 ? ["wrong:", ...problems.map(line), ...channels.map((text) => `  ${text}`)] : []),
    count === 0 ? "all is well" : `${count} wrong`,
    "",
  ].join("\n");
}
