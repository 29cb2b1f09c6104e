/** What the doctor found, in words. Pure. */
import type { Finding, Verdict } from "./finding.js";

export interface DoctorReport {
  readonly version: string;
  /** In milliseconds since the Unix epoch. */
  readonly at: number;
  readonly findings: readonly Finding[];
}

/** 1: something is broken. What is unknown or a warning keeps nobody from a picture. */
export function exitCodeOf({ findings }: DoctorReport): 0 | 1 {
  return findings.some(({ verdict }) => verdict === "broken") ? 1 : 0;
}

const words: Record<Verdict, string> = { good: "good   ", warning: "WARNING", broken: "BROKEN ", unknown: "unknown" };

/** A line for each, what mends it below it, and a sum. */
export function doctorText({ version, findings }: DoctorReport): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.flatMap(({ subject, verdict, why, mend }) => [
    `${words[verdict]}  ${subject.padEnd(width)}  ${why}`,
    ...(mend === null ? [] : [`${" ".repeat(9)}${" ".repeat(width)}  mend: ${mend}`]),
  ]);
  const count = (verdict: Verdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  const sum = `${count("good")} good, ${count("warning")} warnings, ${count("broken")} broken, ${count("unknown")} unknown`;
  return [`Smart Toggle ${version}`, ...lines, sum, ""].join("\n");
}
