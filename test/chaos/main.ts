/**
 * `make chaos`: random blows from one seed against the running product with a browser on it, and all invariants watched
 * throughout. Environment: SEED=1, MINUTES=30. SIGINT ends it early, with its findings. Ends with 1 when anything failed.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Receipt } from "../../server/http/wire.js";
import { describeMachine, machineLine } from "../bench/machine.js";
import { writeResults } from "../bench/report.js";
import { allReceipts } from "../support/all-receipts.js";
import { openBrowser } from "../support/browser.js";
import { brokenFrames, framesGoingOn } from "../support/picture-rules.js";
import { PlayerPage } from "../support/player-page.js";
import { Product } from "../support/product.js";
import { randomNumbers } from "../support/random.js";
import { SimulatedPi } from "../support/simulated-pi.js";
import { until } from "../support/until.js";
import { BadgeWatch } from "./badge-watch.js";
import { nextBlow } from "./blows.js";
import { failuresOf, summaryOf, type ChaosFacts, type Struck } from "./findings.js";
import { planFrom } from "./plan.js";
import { PlaylistWatch } from "./playlist-watch.js";
import { between, type World } from "./world.js";

/** Recovery waits up to 30 s between two attempts, and the guard comes back step by step. */
const pictureLimitMs = 60_000;
/** A second blow falls into what the first one began. */
const doubleShare = 0.3;
const mostPauseMs = 3000;
/** A switch and its way back take 5 s each at the most (`switch.deadlineMs`); more on a busy machine. */
const longestSwitchMs = 20_000;

/** The way back from heat would take a minute and a half. */
const quickGuard = { stopSeconds: 1, stepSeconds: 1, backSeconds: 2, cpuPercent: 100, memoryPercent: 100 };

const stopped = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    stopped.abort();
  });
}

async function strike(world: World): Promise<Struck> {
  const chosen = [nextBlow(world), ...(world.random() < doubleShare ? [nextBlow(world)] : [])];
  const name = chosen.map((blow) => blow.name).join(" + ");
  // One after the other, with hardly a pause: the second falls while the product mends the first.
  for (const blow of chosen) {
    await blow.strike(world);
    await wait(between(world, 0, 500));
  }
  return { name, pictureMs: await pictureAfter(world) };
}

/** From now to a picture that was drawn after now. */
async function pictureAfter({ page }: World): Promise<number | null> {
  const sinceMs = Date.now();
  try {
    await page.update();
    const from = page.frames.length;
    const { shownMs } = await page.waitForFrame(
      ({ strip }) => strip.valid && strip.drawnMs > sinceMs,
      pictureLimitMs,
      from,
    );
    return Math.max(0, shownMs - sinceMs);
  } catch {
    return null;
  }
}

async function strikeUntil(world: World, endMs: number): Promise<Struck[]> {
  const struck: Struck[] = [];
  while (performance.now() < endMs && !stopped.signal.aborted) {
    const one = await strike(world);
    struck.push(one);
    const came = one.pictureMs === null ? "NO PICTURE" : `${one.pictureMs.toFixed(0)} ms`;
    console.log(`${struck.length}. ${one.name}: ${came}`);
    if (one.pictureMs === null) console.log(`${await world.page.describe()}\n${world.product.logTail(15)}`);
    await wait(between(world, 0, mostPauseMs), undefined, { signal: stopped.signal }).catch(() => undefined);
  }
  return struck;
}

/** Parts of a run that are told by the page; the product is still there. */
async function watch(world: World, endMs: number): Promise<Omit<ChaosFacts, "leftovers">> {
  const { product, page } = world;
  const sources = product.watchSources();
  const playlist = new PlaylistWatch(product);
  const badge = new BadgeWatch(page);
  const struck = await strikeUntil(world, endMs);
  await Promise.all([playlist.stop(), badge.stop()]);
  const { videos, loads, errors } = await page.facts();
  const receipts = await settledReceipts(product);
  console.log(`${playlist.looks} looks at the playlist, ${sources.report().samples} at the processes`);
  return {
    struck,
    receipts,
    sources: sources.stop().violations.slice(0, 5),
    playlist: playlist.problems,
    badge: badge.problems,
    page: [
      ...(loads === 1 ? [] : [`loaded ${loads} times`]),
      ...(videos === 1 ? [] : [`made ${videos} video elements`]),
      ...errors,
    ],
    frames: brokenFrames(framesGoingOn(page.frames.filter(({ strip }) => strip.valid))).slice(0, 5),
  };
}

/** Protection may be on its way back from the last blow: a switch that still runs is waited for, for as long as one may take. */
async function settledReceipts(product: Product): Promise<Receipt[]> {
  let receipts: Receipt[] = [];
  await until("an outcome of each switch", longestSwitchMs, async () => {
    receipts = await allReceipts(product);
    return receipts.every(({ outcome }) => outcome !== null);
  }).catch(() => undefined);
  return receipts;
}

const plan = planFrom(process.env);
const machine = describeMachine();
console.log(`${machineLine(machine)}; seed ${plan.seed}, ${plan.minutes} minutes`);
const pi = new SimulatedPi();
const browser = await openBrowser();
const product = await Product.start({ settings: { guard: { ...pi.guard, ...quickGuard } } });
const leftovers: string[] = [];
let facts: Omit<ChaosFacts, "leftovers">;
try {
  const page = await PlayerPage.open(browser, product.url);
  await page.waitForCamera(0);
  const world: World = { product, page, pi, random: randomNumbers(plan.seed) };
  facts = await watch(world, performance.now() + plan.minutes * 60_000);
} finally {
  await browser.close();
  await product.close().catch((error: unknown) => leftovers.push(String(error)));
  pi.close();
}
const failures = failuresOf({ ...facts, leftovers });
console.log(`\n${summaryOf(facts)}\n`);
console.log(`${facts.struck.length} blows, ${facts.receipts.length} switches, ${failures.length} failures`);
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(writeResults("chaos", { at: new Date().toISOString(), plan, machine, ...facts, leftovers, failures }));
process.exitCode = failures.length === 0 ? 0 : 1;
