/** What a soak counted, and what of it is a failure. Pure. */
import type { Receipt, StepRecord } from "../../server/http/wire.js";
import { figures } from "../bench/stats.js";
import type { SourceReport } from "../support/source-watch.js";
import type { Footprint } from "./footprint.js";
import type { LedgerFacts } from "./rotate.js";

export interface SoakFacts {
  readonly receipts: readonly Receipt[];
  /** Requests that brought no receipt at all. */
  readonly lost: readonly string[];
  readonly sources: SourceReport;
  readonly before: Footprint;
  readonly after: Footprint;
  /** Failed requests of the viewer that watched all the time. */
  readonly viewerFailures: readonly string[];
  readonly ledger: LedgerFacts;
  readonly errorLines: readonly string[];
}

/** A9 asks for 99 %; a soak has no failures but ours. */
const leastAvailability = 99.9;

/** A heap between two collections differs by so much. */
const memorySlackMb = 30;
/** A request or two may be open at the moment of counting. */
const descriptorSlack = 8;

/** Each failure in one line; memory is judged only where there was time for it to grow. */
export function failuresOf(facts: SoakFacts, short: boolean): string[] {
  const { receipts, lost, sources, before, after, viewerFailures, ledger } = facts;
  const { percent } = ledger.availability.hour;
  const failed = receipts.filter(({ outcome }) => outcome !== "committed");
  const grownMb = after.wholeMb - before.wholeMb;
  const grownFds = after.descriptors - before.descriptors;
  const processes = list(after);
  return [
    ...failed.map(({ id, outcome, reason }) => `switch ${id}: ${outcome ?? "open"}, ${reason?.message ?? ""}`),
    ...lost.map((why) => `a request without a receipt: ${why}`),
    ...sources.violations.slice(0, 5).map((both) => `I1, two sources at once: ${both}`),
    ...viewerFailures.slice(0, 5).map((why) => `the viewer: ${why}`),
    ...(percent !== null && percent >= leastAvailability ? [] : [`availability: ${String(percent)} %`]),
    ...ledger.gaps
      .filter(({ planned }) => !planned)
      .map(({ ms, message }) => `a gap of ${ms.toFixed(0)} ms: ${message}`),
    ...(processes === list(before) ? [] : [`processes: ${list(before)} at the start, ${processes} at the end`]),
    ...(grownFds > descriptorSlack ? [`descriptors grew from ${before.descriptors} to ${after.descriptors}`] : []),
    ...(!short && grownMb > memorySlackMb ? [`memory grew by ${grownMb.toFixed(0)} MB`] : []),
  ];
}

/** Markdown, for docs/performance.md. */
export function summaryOf({ receipts, sources, before, after, ledger, errorLines }: SoakFacts): string {
  const { percent, plannedMs, gaps } = ledger.availability.hour;
  const committed = receipts.filter(({ outcome }) => outcome === "committed");
  const steps = ["prepare", "stop", "drain", "start", "handOver", "verify", "commit"] as const;
  const rows = steps.map((step) => row(step, msOf(committed, step)));
  rows.push(
    row(
      "whole switch",
      committed.flatMap(({ totalMs }) => totalMs ?? []),
    ),
  );
  return [
    `${committed.length} of ${receipts.length} switches committed; ${sources.violations.length} moments with two sources in ` +
      `${sources.samples} looks (longest between two: ${sources.longestGapMs.toFixed(0)} ms); ${errorLines.length} errors in the log`,
    `availability of the last hour by the ledger: ${String(percent)} %, ${gaps} gaps and ${(plannedMs / 1000).toFixed(0)} s planned`,
    "",
    "| step, ms | median | p95 | p99 | max |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "| | at the start | at the end |",
    "| --- | --- | --- |",
    `| processes | ${list(before)} | ${list(after)} |`,
    `| descriptors of the controller | ${before.descriptors} | ${after.descriptors} |`,
    `| memory (PSS) of the controller | ${before.controllerMb.toFixed(0)} MB | ${after.controllerMb.toFixed(0)} MB |`,
    `| memory (PSS) without the camera | ${before.wholeMb.toFixed(0)} MB | ${after.wholeMb.toFixed(0)} MB |`,
  ].join("\n");
}

function msOf(receipts: readonly Receipt[], step: StepRecord["step"]): number[] {
  return receipts.flatMap(({ steps }) => steps.filter((one) => one.step === step).map(({ ms }) => ms));
}

function row(name: string, values: readonly number[]): string {
  const { median, p95, p99, max } = figures(values);
  return `| ${name} | ${[median, p95, p99, max].map((value) => (value ?? 0).toFixed(0)).join(" | ")} |`;
}

const list = ({ processes }: Footprint): string =>
  Object.entries(processes)
    .map(([name, count]) => `${count} ${name}`)
    .sort()
    .join(", ");
