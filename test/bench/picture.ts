/** Glass to glass, and from the click to the new camera's picture: the product, then each peer, the same way. */
import { setTimeout as wait } from "node:timers/promises";
import { switchSteps, type Receipt, type ReceiptPage, type StepRecord } from "../../server/http/wire.js";
import { isCamera, PlayerPage, type ShownFrame } from "../support/player-page.js";
import { Product } from "../support/product.js";
import { shuffledDwells } from "../support/random.js";
import type { Bench, Measurement } from "./measurement.js";
import { Peer, type PeerKind } from "./peers/peer.js";
import { plainPeer } from "./peers/plain-peer.js";
import { seedPeer } from "./peers/seed-peer.js";
import { cameraTimes } from "./peers/simulated-camera.js";
import type { Measured } from "./report.js";
import { figures } from "./stats.js";

const from = "picture";

interface Plan {
  /** From the start of the pipeline to the opening of the page: a playlist grows to its usual length first. */
  readonly beforeMs: number;
  /** From the first picture to the beginning of what counts. */
  readonly settleMs: number;
  readonly watchMs: number;
  readonly switches: number;
  /** From one new picture to the next click. */
  readonly dwellMs: readonly [number, number];
}

const longPlan: Plan = { beforeMs: 10_000, settleMs: 5000, watchMs: 30_000, switches: 40, dwellMs: [2000, 4000] };
const shortPlan: Plan = { beforeMs: 0, settleMs: 1000, watchMs: 3000, switches: 3, dwellMs: [300, 800] };
/** The second camera needs a moment until it is warm. */
const shortWarmPlan: Plan = { ...shortPlan, settleMs: 2000, watchMs: 200, switches: 1 };
/** A seed's switch takes six seconds and shows nothing new after the first few. */
const peerSwitches = { long: 10, short: 1 };

interface Seen {
  readonly delaysMs: readonly number[];
  /** Longest time between two frames while nothing was switched. */
  readonly longestFreezeMs: number;
  readonly clicksMs: readonly number[];
  /** Loads of the page, and players and video elements made, beyond the first of each. */
  readonly remade: number;
  readonly invalid: number;
}

export const picture: Measurement = {
  name: from,
  async run(bench) {
    const rows = await measureProduct(bench);
    const kinds = bench.short ? [seedPeer] : [plainPeer, seedPeer];
    for (const kind of kinds) rows.push(...(await measurePeer(bench, kind)));
    return rows;
  },
};

/** The same clicks with the next camera kept warm. */
export const warm: Measurement = {
  name: "warm",
  async run(bench) {
    const product = await Product.start({ settings: { switch: { standby: "warm" } } });
    try {
      const { clicksMs, remade } = await watch(bench, product.url, bench.short ? shortWarmPlan : longPlan);
      const { body } = await product.api<ReceiptPage>(`/api/switches?limit=${clicksMs.length}`);
      const resumed = body.receipts.filter(({ steps }) => steps.some(({ note }) => note === "resumed")).length;
      const { median, p99 } = figures(clicksMs);
      const note = `${resumed} of ${clicksMs.length} switches were warm, ${remade} players made anew, p99 ${Math.round(p99 ?? 0)} ms`;
      return [
        {
          from: "warm",
          what: "warm: click to new picture, median",
          value: median,
          unit: "ms",
          budget: "warmClickMedian",
          note,
        },
      ];
    } finally {
      await product.close();
    }
  },
};

async function measureProduct(bench: Bench): Promise<Measured[]> {
  const plan = bench.short ? shortPlan : longPlan;
  const product = await Product.start();
  try {
    const seen = await watch(bench, product.url, plan);
    const { body } = await product.api<ReceiptPage>(`/api/switches?limit=${plan.switches}`);
    const asked = body.receipts.filter(({ trigger }) => trigger === "user");
    return [...productRows(seen), shareRow(asked)];
  } finally {
    await product.close();
  }
}

function productRows({ delaysMs, longestFreezeMs, clicksMs, remade, invalid }: Seen): Measured[] {
  const delay = figures(delaysMs);
  const click = figures(clicksMs);
  const frames = `${delay.count} frames, longest freeze ${Math.round(longestFreezeMs)} ms, ${invalid} unreadable`;
  const switches = `${click.count} switches`;
  return [
    { from, what: "glass to glass, median", value: delay.median, unit: "ms", budget: "glassMedian", note: frames },
    { from, what: "glass to glass, p95", value: delay.p95, unit: "ms", budget: "glassP95" },
    {
      from,
      what: "click to new picture, median",
      value: click.median,
      unit: "ms",
      budget: "clickMedian",
      note: switches,
    },
    { from, what: "click to new picture, p99", value: click.p99, unit: "ms", budget: "clickP99" },
    { from, what: "players made anew, page loads", value: remade, unit: "times", budget: "playerReloads" },
  ];
}

function shareRow(asked: readonly Receipt[]): Measured {
  const committed = asked.filter(({ outcome }) => outcome === "committed");
  const shares = committed.map(({ totalMs }) => (totalMs ?? 0) - cameraTimes.startMs - cameraTimes.stopMs);
  const { median, p99 } = figures(shares);
  const steps = switchSteps.map((step) => `${step} ${medianOf(committed, step)}`).join(", ");
  const note = `${committed.length} of ${asked.length} committed, median ${Math.round(median ?? 0)} ms; steps: ${steps}; slowest: ${stepsOf(slowest(committed))}`;
  return { from, what: "our share of a switch, p99", value: p99, unit: "ms", budget: "ownShareP99", note };
}

function slowest(receipts: readonly Receipt[]): Receipt | undefined {
  return [...receipts].sort((a, b) => (b.totalMs ?? 0) - (a.totalMs ?? 0))[0];
}

function stepsOf(receipt: Receipt | undefined): string {
  return receipt?.steps.map(({ step, ms }) => `${step} ${Math.round(ms)}`).join(", ") ?? "none";
}

function medianOf(receipts: readonly Receipt[], step: StepRecord["step"]): number {
  const took = receipts.flatMap(({ steps }) => steps.filter((one) => one.step === step).map(({ ms }) => ms));
  return Math.round(figures(took).median ?? 0);
}

async function measurePeer(bench: Bench, kind: PeerKind): Promise<Measured[]> {
  const switches = bench.short ? peerSwitches.short : peerSwitches.long;
  const peer = await Peer.start(kind);
  try {
    const seen = await watch(bench, peer.url, { ...(bench.short ? shortPlan : longPlan), switches });
    const delay = figures(seen.delaysMs);
    const click = figures(seen.clicksMs);
    const p95 = `p95 ${Math.round(delay.p95 ?? 0)} ms, longest freeze ${Math.round(seen.longestFreezeMs)} ms`;
    const note = `${click.count} switches, ${seen.remade} times made anew`;
    return [
      { from, what: `${kind.name}: glass to glass, median`, value: delay.median, unit: "ms", note: p95 },
      { from, what: `${kind.name}: click to new picture, median`, value: click.median, unit: "ms", note },
    ];
  } finally {
    await peer.close();
  }
}

async function watch({ browser }: Bench, url: string, plan: Plan): Promise<Seen> {
  await wait(plan.beforeMs);
  const opened = await PlayerPage.open(browser, url);
  try {
    await opened.waitForCamera(0, 30_000);
    await wait(plan.settleMs);
    const undisturbed = await framesOf(opened, plan.watchMs);
    const clicksMs = await clickThrough(opened, plan);
    const { videos, mediaSources, loads } = await opened.facts();
    return {
      delaysMs: undisturbed.flatMap(({ shownMs, strip }) => (strip.valid ? [shownMs - strip.drawnMs] : [])),
      longestFreezeMs: longestFreeze(undisturbed),
      clicksMs,
      remade: videos + mediaSources + loads - 3,
      invalid: opened.frames.filter(({ strip }) => !strip.valid).length,
    };
  } finally {
    await opened.close();
  }
}

async function framesOf(opened: PlayerPage, ms: number): Promise<ShownFrame[]> {
  await opened.update();
  const from = opened.frames.length;
  await wait(ms);
  await opened.update();
  return opened.frames.slice(from);
}

function longestFreeze(frames: readonly ShownFrame[]): number {
  return frames.reduce(
    (most, { shownMs }, index) => Math.max(most, shownMs - (frames[index - 1]?.shownMs ?? shownMs)),
    0,
  );
}

/** Clicks on the other camera's button again and again; from each click to its first picture. */
async function clickThrough(opened: PlayerPage, { switches, dwellMs }: Plan): Promise<number[]> {
  const took: number[] = [];
  for (const [index, dwell] of shuffledDwells(switches, dwellMs).entries()) {
    const camera = (index + 1) % 2;
    const clickedMs = await opened.click(`[data-testid=camera-${camera}]`);
    const shown = await opened.waitForFrame((frame) => frame.shownMs > clickedMs && isCamera(camera)(frame), 30_000);
    took.push(shown.shownMs - clickedMs);
    await wait(dwell);
  }
  return took;
}
