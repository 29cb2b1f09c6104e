/**
 * Holds the catalogue against the disk: every row has its file, whole and as stated; every file its row; no part is in
 * two files; times that are missing are explained. Reads alone, and may run beside the service: what seems wrong then is
 * looked at again, because the recorder may be about to change it. What is in memory does not grow with the recordings,
 * but with what is found.
 */
import { join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../../config/database.js";
import { silentLog } from "../../lib/log.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { compareFolders } from "../repair/agreement.js";
import { FolderWalk } from "../repair/folder-walk.js";
import { finishingEnding, partialEnding } from "../files/file-name.js";
import { checkFile } from "./check-file.js";
import { timelineFindings, type TimelineFinding } from "./compare-timeline.js";
import type { Intervals } from "./intervals.js";
import { RowsToCheck } from "./rows-to-check.js";

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

/** How many of all recordings were read. */
export type OnProgress = (done: number, total: number) => void;

export interface CheckOptions {
  readonly directory: string;
  /** Null: there is no catalogue. */
  readonly catalogue: Connection | null;
  /** Times without a picture, and switches, as the service wrote them down. */
  readonly explained: Intervals;
  /** The service runs: what it has open is no leftover. */
  readonly running: boolean;
  /** Told of each recording that was read. */
  readonly onProgress?: OnProgress;
}

/** Fragments are whole as they are. */
const noteCodes: readonly FindingCode[] = ["gapUnexplained", "setAside", "unfinished"];
/** What cannot be read is the answer to whoever checks. */
const passedOn = { isSound: () => Promise.resolve(false), log: silentLog };
/** The recorder puts a row to its file, or takes it away, within this. */
const settleMs = 3000;

export async function checkRecordings(options: CheckOptions): Promise<CheckReport> {
  const rows = new RowsToCheck(options.catalogue);
  const totals = rows.totals();
  let done = 0;
  const tell = (): void => options.onProgress?.(++done, totals.recordings);
  const first = await look(options, rows, rows.finished(), tell);
  const findings = options.running && first.some(isProblem) ? await lookAgain(options, rows, first) : first;
  return {
    ...totals,
    problems: findings.filter(isProblem),
    notes: findings.filter((finding) => !isProblem(finding)),
  };
}

const isProblem = ({ code }: Finding): boolean => !noteCodes.includes(code);

/** What is wrong the second time too, with the same file, is wrong. */
async function lookAgain(options: CheckOptions, rows: RowsToCheck, before: readonly Finding[]): Promise<Finding[]> {
  await wait(settleMs);
  const findings = await look(options, rows, rows.finishedAt(new Set(before.map(({ path }) => path))));
  const said = new Set(before.map(({ code, path }) => `${code} ${path}`));
  return findings.filter(({ code, path }) => said.has(`${code} ${path}`));
}

/** `read`: recordings whose files are read. */
async function look(
  { directory, explained, running }: CheckOptions,
  rows: RowsToCheck,
  read: Iterable<RecordingRow>,
  onRead?: () => void,
): Promise<Finding[]> {
  const { filesWithoutRow } = await compareFolders(directory, rows.byFolder, passedOn);
  const findings = filesWithoutRow.map((path) => finding("fileWithoutRow", path, "is not in the catalogue"));
  for await (const found of fileFindings(directory, read, onRead)) findings.push(found);
  for (const found of timelineFindings(rows.byTimeline(), rows.gaps(), explained)) findings.push(inWords(found));
  const unfinished = rows.unfinished();
  for (const { path, reason, state } of unfinished)
    if (state === "setAside") findings.push(finding("setAside", path, reason ?? ""));
  const open = unfinished.flatMap(({ path, state }) => (state === "open" ? [path] : []));
  return running ? findings : [...findings, ...(await leftoverFindings(directory, open))];
}

async function* fileFindings(
  directory: string,
  rows: Iterable<RecordingRow>,
  onRead?: () => void,
): AsyncGenerator<Finding> {
  for (const row of rows) {
    const verdict = await checkFile(join(directory, row.path), row);
    onRead?.();
    if (verdict.kind === "missing") yield finding("fileMissing", row.path, "is in the catalogue and not on the disk");
    if (verdict.kind === "damaged") yield finding("fileDamaged", row.path, verdict.why);
  }
}

/** What the next start, or `--repair`, would finish. */
async function leftoverFindings(directory: string, open: readonly string[]): Promise<Finding[]> {
  const found = new Set(open);
  const walk = new FolderWalk(passedOn);
  for (const folder of await walk.dayFolders(directory))
    for (const path of await walk.pathsIn(folder))
      if (path.endsWith(partialEnding) || path.endsWith(finishingEnding)) found.add(relative(directory, path));
  return [...found].map((path) =>
    finding("unfinished", path, "was not finished; the next start of the service does it"),
  );
}

function inWords({ kind, row, other, ms }: TimelineFinding): Finding {
  if (kind === "overlap") return finding("overlap", row.path, `begins ${ms} ms before the end of ${other.path}`);
  return finding("gapUnexplained", row.path, `begins ${ms} ms after the end of ${other.path}, and nothing says why`);
}

function finding(code: FindingCode, path: string, message: string): Finding {
  return { code, path, message };
}
