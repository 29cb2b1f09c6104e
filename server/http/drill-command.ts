/** `smart-toggle drill`: asks the running service for drills, waits, and says how they ended. */
import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../lib/errors.js";
import { drillNames, type DrillName, type DrillResult, type DrillView } from "./wire-protection.js";
import type { Problem } from "./wire.js";

export interface DrillCommandOptions {
  /** `http.port` of the running service. */
  readonly port: number;
  /** Show who asks. */
  readonly headers: Readonly<Record<string, string>>;
  /** None: all. */
  readonly names: readonly string[];
  /** Called for each drill that begins or ends. */
  readonly tell: (result: DrillResult) => void;
}

const pollMs = 250;

/** Runs them to their end. Rejects `badRequest` for an unknown name, `controllerDown`, and what the service answers. */
export async function runDrills({ port, headers, names, tell }: DrillCommandOptions): Promise<DrillView> {
  const address = `http://127.0.0.1:${port}/api/drills`;
  let view = await ask(address, headers, { names: names.map(checked) });
  const told = new Map<DrillName, string>();
  for (;;) {
    for (const result of view.results) {
      if (result.outcome === "waiting" || told.get(result.name) === result.outcome) continue;
      told.set(result.name, result.outcome);
      tell(result);
    }
    if (view.endedAt !== null) return view;
    await wait(pollMs);
    view = await ask(address, headers);
  }
}

/** For people: a row for each drill. */
export function drillTable({ results }: DrillView): string {
  const rows = results.map(({ name, outcome, pictureMs, limitMs, note }) => [
    name,
    outcome,
    pictureMs === null ? "–" : seconds(pictureMs),
    seconds(limitMs),
    note,
  ]);
  const table = [["drill", "outcome", "picture after", "limit", ""], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function checked(name: string): DrillName {
  const found = drillNames.find((known) => known === name);
  if (found !== undefined) return found;
  throw new AppError("badRequest", `There is no drill ${name}; there are ${drillNames.join(", ")}.`);
}

/** A body makes it a POST. */
async function ask(address: string, headers: DrillCommandOptions["headers"], body?: object): Promise<DrillView> {
  const response = await fetch(address, {
    headers: { ...headers, ...(body && { "Content-Type": "application/json" }) },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new AppError("controllerDown", `No service answers at ${address}. Start it first.`, { cause });
  });
  const answer = (await response.json()) as DrillView | Problem;
  if ("code" in answer) throw new AppError("modeForbids", answer.detail);
  return answer;
}
