/**
 * Holds the catalogue against the disk: every row has its file, whole and as stated; every file its row; no part is in
 * two files; times that are missing are explained. Reads alone, and may run beside the service: what seems wrong then is
 * looked at again, because the recorder may be about to change it.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../../config/database.js";
import { silentLog } from "../../lib/log.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { disagreement, walkRecordings } from "../repair/agreement.js";
import { FolderWalk } from "../repair/folder-walk.js";
import { finishingEnding, partialEnding } from "../files/file-name.js";
import { checkFile } from "./check-file.js";
import { timelineFindings, type Explained, type GapRow } from "./compare-timeline.js";

export type FindingCode =
  "fileMissing" | "fileDamaged" | "fileWithoutRow" | "overlap" | "unfinished" | "gapUnexplained" | "setAside";

export interface Finding {
  readonly code: FindingCode;
  /** Of a recording, relative to the recordings folder. */
  readonly path: string;
  readonly message: string;
}

export interface CheckReport {
  readonly recordings: number;
  readonly bytes: number;
  /** What is wrong. */
  readonly problems: readonly Finding[];
  /** What a person may want to know, and is nobody's fault now. */
  readonly notes: readonly Finding[];
}

export interface CheckOptions {
  readonly directory: string;
  /** Null: there is no catalogue. */
  readonly catalogue: Connection | null;
  /** Times without a picture, and switches, as the service wrote them down. */
  readonly explained: readonly Explained[];
  /** The service runs: what it has open is no leftover. */
  readonly running: boolean;
}

/** Fragments are whole as they are. */
const noteCodes: readonly FindingCode[] = ["gapUnexplained", "setAside", "unfinished"];
/** What cannot be read is the answer to whoever checks. */
const passedOn = { isSound: () => Promise.resolve(false), log: silentLog };
/** The recorder puts a row to its file, or takes it away, within this. */
const settleMs = 3000;

export async function checkRecordings(options: CheckOptions): Promise<CheckReport> {
  const first = await look(options);
  const last = options.running && first.findings.some(isProblem) ? await lookAgain(options, first.findings) : first;
  const finished = last.rows.filter(({ state }) => state === "finished");
  return {
    recordings: finished.length,
    bytes: finished.reduce((sum, { bytes }) => sum + bytes, 0),
    problems: last.findings.filter(isProblem),
    notes: last.findings.filter((finding) => !isProblem(finding)),
  };
}

interface Look {
  readonly rows: readonly RecordingRow[];
  readonly findings: readonly Finding[];
}

const isProblem = ({ code }: Finding): boolean => !noteCodes.includes(code);

/** What is wrong the second time too, with the same file, is wrong. */
async function lookAgain(options: CheckOptions, before: readonly Finding[]): Promise<Look> {
  await wait(settleMs);
  const { rows, findings } = await look(options, new Set(before.map(({ path }) => path)));
  const said = new Set(before.map(({ code, path }) => `${code} ${path}`));
  return { rows, findings: findings.filter(({ code, path }) => said.has(`${code} ${path}`)) };
}

/** `only`: files are read again where they are among these. */
async function look(
  { directory, catalogue, explained, running }: CheckOptions,
  only?: ReadonlySet<string>,
): Promise<Look> {
  const walk = await walkRecordings(directory, passedOn);
  const rows = (catalogue?.prepare("SELECT * FROM recordings").all() ?? []) as RecordingRow[];
  const gaps = (catalogue?.prepare("SELECT channel, from_ticks, to_ticks FROM recording_gaps").all() ?? []) as GapRow[];
  const finished = rows.filter(({ state }) => state === "finished");
  const { filesWithoutRow } = disagreement(walk, rows);
  const findings: Finding[] = [
    ...filesWithoutRow.map((path) => finding("fileWithoutRow", path, "is not in the catalogue")),
    ...(await fileFindings(directory, only === undefined ? finished : finished.filter(({ path }) => only.has(path)))),
    ...timelineFindings(finished, gaps, explained).map(inWords),
    ...rows
      .filter(({ state }) => state === "setAside")
      .map(({ path, reason }) => finding("setAside", path, reason ?? "")),
    ...(running ? [] : await leftoverFindings(directory, rows)),
  ];
  return { rows, findings };
}

async function fileFindings(directory: string, rows: readonly RecordingRow[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const row of rows) {
    const verdict = await checkFile(join(directory, row.path), row);
    if (verdict.kind === "missing")
      found.push(finding("fileMissing", row.path, "is in the catalogue and not on the disk"));
    if (verdict.kind === "damaged") found.push(finding("fileDamaged", row.path, verdict.why));
  }
  return found;
}

/** What the next start, or `--repair`, would finish. */
async function leftoverFindings(directory: string, rows: readonly RecordingRow[]): Promise<Finding[]> {
  const found = new Set(rows.filter(({ state }) => state === "open").map(({ path }) => path));
  const walk = new FolderWalk(passedOn);
  await walk.lookInto(await walk.dayFolders(directory));
  for (const path of walk.paths)
    if (path.endsWith(partialEnding) || path.endsWith(finishingEnding)) found.add(path.slice(directory.length + 1));
  return [...found].map((path) =>
    finding("unfinished", path, "was not finished; the next start of the service does it"),
  );
}

function inWords({ kind, row, other, ms }: ReturnType<typeof timelineFindings>[number]): Finding {
  if (kind === "overlap") return finding("overlap", row.path, `begins ${ms} ms before the end of ${other.path}`);
  return finding("gapUnexplained", row.path, `begins ${ms} ms after the end of ${other.path}, and nothing says why`);
}

function finding(code: FindingCode, path: string, message: string): Finding {
  return { code, path, message };
}
