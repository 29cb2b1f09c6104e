/** A program: so many low-latency clients for so long, then one line of JSON. Arguments: playlist, folder, count, ms. */
import { setMaxListeners } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { LowLatencyClient, type ClientReport, type ReceivedPart } from "./low-latency-client.js";
import { figures, type Figures } from "./stats.js";

export interface LoadReport {
  readonly parts: number;
  readonly bytes: number;
  readonly failures: number;
  readonly firstFailure: string | null;
  /** From the last write to a part's public file to its last byte in the client. */
  readonly delayMs: Figures;
  /** Of the clients themselves. */
  readonly cpuPercent: number;
}

const [playlist = "", folder = "", count = "1", ms = "1000"] = process.argv.slice(2);

function summarise(reports: readonly ClientReport[], parts: readonly ReceivedPart[]): LoadReport {
  const written = new Map([...new Set(parts.map(({ uri }) => uri))].map((uri) => [uri, writtenMs(uri)]));
  const delays = parts.map(({ uri, arrivedMs }) => arrivedMs - (written.get(uri) ?? Number.NaN));
  const failures = reports.flatMap((report) => report.failures);
  const { user, system } = process.cpuUsage();
  return {
    parts: parts.length,
    bytes: reports.reduce((sum, report) => sum + report.bytes, 0),
    failures: failures.length,
    firstFailure: failures[0] ?? null,
    delayMs: figures(delays.filter((delay) => !Number.isNaN(delay))),
    cpuPercent: (user + system) / 1000 / (performance.now() / 100),
  };
}

function writtenMs(uri: string): number {
  return statSync(join(folder, uri), { throwIfNoEntry: false })?.mtimeMs ?? Number.NaN;
}

const end = new AbortController();
setMaxListeners(0, end.signal);
const received: ReceivedPart[] = [];
const runs: Promise<ClientReport>[] = [];
for (let client = 0; client < Number(count); client += 1) {
  // Spread over one part, as viewers come.
  runs.push(
    wait(client % 200).then(() => new LowLatencyClient(playlist, (part) => received.push(part)).run(end.signal)),
  );
}
await wait(Number(ms));
end.abort();
process.stdout.write(`${JSON.stringify(summarise(await Promise.all(runs), received))}\n`);
