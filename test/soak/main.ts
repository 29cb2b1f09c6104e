/**
 * `make soak`: switches in a row on the real product, with waits that are random but the same in every run. Environment:
 * SWITCHES=1000, or HOURS=72 (with ROTATION=5: by rotation), or SHORT=1. SIGINT ends it early, with its findings. Ends with 1 when anything failed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Receipt, SwitchProblem } from "../../server/http/wire.js";
import { LowLatencyClient } from "../bench/low-latency-client.js";
import { describeMachine, machineLine } from "../bench/machine.js";
import { writeResults } from "../bench/report.js";
import { Product } from "../support/product.js";
import { randomNumbers } from "../support/random.js";
import { until } from "../support/until.js";
import { failuresOf, summaryOf, type SoakFacts } from "./findings.js";
import { footprintOf } from "./footprint.js";
import { planFrom, type SoakPlan } from "./plan.js";
import { ledgerOf, rotateFor } from "./rotate.js";

/** The first switches load code and fill caches; what is held is counted from then on. */
const warmUp = { short: 4, long: 50 } as const;
const reportEvery = 50;

const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopped.abort();
  });
}

interface Taken {
  readonly receipts: Receipt[];
  readonly lost: string[];
}

/** One switch to the camera that is not live, and the wait after it. */
async function switchOnce(product: Product, dwellMs: number, { receipts, lost }: Taken): Promise<void> {
  try {
    const camera = (receipts.at(-1)?.live ?? 0) === 0 ? 1 : 0;
    const { status, body } = await product.api<Receipt | SwitchProblem>("/api/switch", { camera });
    if (status === 200 && "steps" in body) receipts.push(body);
    else if ("receipt" in body) receipts.push(body.receipt);
    else lost.push(JSON.stringify(body));
  } catch (error) {
    lost.push(String(error));
  }
  await wait(dwellMs, null, { signal: stopped.signal }).catch(() => undefined);
}

async function switchAll(product: Product, plan: SoakPlan, taken: Taken): Promise<void> {
  const random = randomNumbers(plan.seed);
  const [least, most] = plan.dwellMs;
  const endMs = performance.now() + plan.hours * 3_600_000;
  for (let count = 0; count < plan.switches && performance.now() < endMs && !stopped.signal.aborted; count += 1) {
    await switchOnce(product, least + random() * (most - least), taken);
    if ((count + 1) % reportEvery === 0) console.log(`${count + 1} switches, ${failed(taken)} failed`);
  }
}

const failed = ({ receipts, lost }: Taken): number =>
  receipts.filter(({ outcome }) => outcome !== "committed").length + lost.length;

async function soak(product: Product, plan: SoakPlan): Promise<SoakFacts> {
  const sources = product.watchSources();
  const watching = new AbortController();
  const viewer = new LowLatencyClient(`${product.url}/hls/main/live.m3u8`).run(watching.signal);
  const taken: Taken = { receipts: [], lost: [] };
  const warmUpPlan = {
    switches: plan.short ? warmUp.short : warmUp.long,
    dwellMs: [0, 1000],
    hours: Infinity,
  } as const;
  await switchAll(product, { ...plan, ...warmUpPlan, seed: plan.seed + 1 }, taken);
  const before = await quietFootprint(product, sources.sample());
  const startedAt = Date.now();
  const { rotationSeconds: seconds, hours } = plan;
  if (seconds === null) await switchAll(product, plan, taken);
  else taken.receipts.push(...(await rotateFor(product, { hours, seconds }, stopped.signal)));
  const after = await quietFootprint(product, sources.sample());
  const ledger = await ledgerOf(product, startedAt);
  watching.abort();
  const { failures } = await viewer;
  return {
    ...taken,
    sources: sources.stop(),
    before,
    after,
    viewerFailures: failures,
    ledger,
    errorLines: errorsIn(product),
  };
}

/** The footprint once the last switch and what it left to be tidied up are over. */
async function quietFootprint(product: Product, sources: readonly { readonly pid: number }[]) {
  await until("the end of the switch", 10_000, async () => (await product.status()).switch.kind === "idle");
  await until("one encoder", 5000, () => product.processes().filter(({ name }) => name === "ffmpeg").length === 1);
  const cameras = sources.map(({ pid }) => pid);
  return footprintOf(product, cameras);
}

function errorsIn(product: Product): string[] {
  const lines = readFileSync(join(product.directory, "log.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line.includes('"level":"error"'));
}

const plan = planFrom(process.env);
const machine = describeMachine();
console.log(machineLine(machine));
const product = await Product.start({ settings: { log: { level: "info" } } });
let leftovers = "";
let facts: SoakFacts;
try {
  facts = await soak(product, plan);
} finally {
  await product.close().catch((error: unknown) => (leftovers = String(error)));
}
const failures = [...failuresOf(facts, plan.short), ...(leftovers === "" ? [] : [leftovers])];
console.log(`\n${summaryOf(facts)}\n`);
for (const line of facts.errorLines.slice(0, 5)) console.log(`in the log: ${line}`);
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(writeResults("soak", { at: new Date().toISOString(), plan, machine, ...facts, failures }));
process.exitCode = failures.length === 0 ? 0 : 1;
