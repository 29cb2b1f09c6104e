/** What a bench found, as a table and as JSON. Pure but for the writing of the file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../server/lib/package-root.js";
import { budgets, type BudgetId } from "./budgets.js";

export interface Measured {
  /** The measurement of which the row comes. */
  readonly from: string;
  readonly what: string;
  readonly value: number | null;
  readonly unit: string;
  /** The budget it is held against; without one it stands for comparison. */
  readonly budget?: BudgetId;
  readonly note?: string;
}

export interface Verdict {
  readonly budget: string;
  readonly met: boolean;
  readonly text: string;
}

/** Not measured is not met. */
export function verdictOf({ value, unit, budget }: Measured): Verdict | null {
  if (budget === undefined) return null;
  const { limit, goal } = budgets[budget];
  const stated = `≤ ${limit} ${unit}`;
  if (value === null) return { budget: stated, met: false, text: "not measured" };
  if (value > limit) return { budget: stated, met: false, text: `missed by ${format(value - limit)} ${unit}` };
  return { budget: stated, met: true, text: goal !== null && value <= goal ? `ok, goal ${goal} met` : "ok" };
}

function format(value: number | null): string {
  if (value === null) return "–";
  if (value === 0) return "0";
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A Markdown table, so that a run can be put into docs/performance.md as it is. */
export function tableOf(rows: readonly Measured[]): string {
  const cells = rows.map((row) => {
    const verdict = verdictOf(row);
    const measured = `${format(row.value)} ${row.unit}`;
    return [row.what, verdict?.budget ?? "", measured, verdict?.text ?? "", row.note ?? ""];
  });
  const all = [["what", "budget", "measured", "verdict", "note"], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((line) => (line[column] ?? "").length)));
  const lines = all.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  lines.splice(1, 0, `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
  return lines.join("\n");
}

/** Writes `bench-results/NAME-TIME.json` and gives its path. */
export function writeResults(name: string, content: object): string {
  const folder = join(packageRoot, "bench-results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${new Date().toISOString().replaceAll(/[:.]/g, "-")}.json`);
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}
