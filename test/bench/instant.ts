/**
 * The instant view: from the camera to the canvas, what each MJPEG viewer costs, and whether some that stop reading
 * disturb the others. The peer is one capture process for each viewer, which a camera refuses the second.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { pssBytes } from "../../server/process/process-table.js";
import { PlayerPage } from "../support/player-page.js";
import { Product } from "../support/product.js";
import { SimulatedCameras } from "../support/simulated-cameras.js";
import { readStrip } from "../support/strip.js";
import { CpuMeter } from "./cpu-meter.js";
import type { Measurement } from "./measurement.js";
import type { MjpegLoadReport } from "./mjpeg-load.js";
import { cameraTimes } from "./peers/simulated-camera.js";
import type { Measured } from "./report.js";
import { rolesOf } from "./roles.js";
import { runLoad } from "./run-load.js";
import { figures } from "./stats.js";

const from = "instant";
const megabyte = 1_000_000;

/** One in five stops reading. */
const stoppingShare = 0.2;

export const instant: Measurement = {
  name: from,
  async run({ browser, short }) {
    const product = await Product.start({ settings: { live: { mjpeg: { maxClients: 50 } } } });
    try {
      const rows = await delayRows(browser, product, short ? 1500 : 30_000);
      const idle = await controllerUse(product, short ? 500 : 10_000);
      for (const count of short ? [5] : [1, 10, 50]) {
        rows.push(...(await loadRows(product, { count, idle, ms: short ? 2000 : 20_000 })));
      }
      return [...rows, ...(await peerRows())];
    } finally {
      await product.close();
    }
  },
};

interface Drawn {
  readonly lumas: readonly number[];
  readonly atMs: number;
}

/** Runs in the page: each new picture on the canvas of the instant view, by its strip, when it is about to be shown. */
const watchCanvas = `(ms) => new Promise((resolve) => {
  const canvas = document.querySelector("[data-testid=instant]");
  const drawn = [];
  const endMs = performance.now() + ms;
  let last = "";
  const look = () => {
    if (canvas.width > 0) {
      const { data } = canvas.getContext("2d").getImageData(0, 8, canvas.width, 1);
      const lumas = Array.from({ length: 64 }, (_, cell) => {
        const at = 4 * Math.floor(((cell + 0.5) * canvas.width) / 64);
        return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      });
      const key = lumas.map((luma) => (luma > 128 ? 1 : 0)).join("");
      if (key !== last) drawn.push({ lumas, atMs: Date.now() });
      last = key;
    }
    if (performance.now() < endMs) requestAnimationFrame(look);
    else resolve(drawn);
  };
  look();
})`;

async function delayRows(browser: Browser, product: Product, ms: number): Promise<Measured[]> {
  const opened = await PlayerPage.open(browser, product.url);
  try {
    await opened.waitForCamera(0, 30_000);
    await opened.page.click("[data-testid=delivery-instant]");
    await opened.page.waitForSelector("[data-testid=stage][data-delivery=instant][data-state=live]");
    await wait(500);
    const drawn = await opened.page.evaluate<readonly Drawn[]>(`(${watchCanvas})(${ms})`);
    const strips = drawn.map(({ lumas, atMs }) => ({ atMs, strip: readStrip(lumas, atMs) }));
    const delay = figures(strips.flatMap(({ atMs, strip }) => (strip.valid ? [atMs - strip.drawnMs] : [])));
    const unreadable = strips.length - delay.count;
    const note = `${delay.count} frames, ${unreadable} unreadable; to the canvas, the screen follows with its next refresh`;
    return [
      { from, what: "MJPEG: glass to glass, median", value: delay.median, unit: "ms", note },
      { from, what: "MJPEG: glass to glass, p95", value: delay.p95, unit: "ms", budget: "instantP95" },
    ];
  } finally {
    await opened.close();
  }
}

async function controllerUse(product: Product, ms: number): Promise<number> {
  const meter = new CpuMeter([rolesOf(product).controller]);
  await wait(ms);
  return meter.percent();
}

interface Load {
  readonly count: number;
  /** Of the controller without any viewer, in percent of a core. */
  readonly idle: number;
  readonly ms: number;
}

async function loadRows(product: Product, { count, idle, ms }: Load): Promise<Measured[]> {
  const stopping = Math.floor(count * stoppingShare);
  const { controller } = rolesOf(product);
  const own = async () => ((await pssBytes([controller])) ?? 0) / megabyte;
  const before = await own();
  const meter = new CpuMeter([controller]);
  const args = [`${product.url}/stream?camera=active`, String(count), String(stopping), String(ms)];
  const report = await runLoad<MjpegLoadReport>("mjpeg-load", args, ms);
  const percent = meter.percent();
  const grown = (await own()) - before;
  const fast = count - stopping;
  const rate = report.frames / fast / (ms / 1000);
  const use = `controller ${percent.toFixed(1)} %, clients ${report.cpuPercent.toFixed(1)} % of a core`;
  const what = `${count} MJPEG viewers${stopping > 0 ? `, ${stopping} of them stop reading` : ""}`;
  return [
    {
      from,
      what: `${what}: controller for each`,
      value: (percent - idle) / count,
      unit: "% of a core",
      note: `${use}; ${idle.toFixed(1)} % without any`,
    },
    {
      from,
      what: `${what}: frames lost by the others`,
      value: (100 * report.missing) / Math.max(1, report.frames + report.missing),
      unit: "%",
      note: `${rate.toFixed(1)} frames/s each, ${report.lost} streams lost, memory of the controller grew by ${grown.toFixed(1)} MB`,
    },
  ];
}

/** What a program that starts rpicam-vid for each viewer gets from one camera. */
async function peerRows(): Promise<Measured[]> {
  const cameras = await SimulatedCameras.create({ count: 1, ...cameraTimes });
  try {
    const startedMs = performance.now();
    const first = cameras.start(0);
    await first.firstFrame;
    const firstMs = performance.now() - startedMs;
    const { error } = await cameras.start(0).exited;
    return [
      {
        from,
        what: "one capture process for each viewer: viewers served of two",
        value: error === undefined ? 2 : 1,
        unit: "viewers",
        note: `first frame after ${firstMs.toFixed(0)} ms; the second: ${error?.message ?? "served"}`,
      },
    ];
  } finally {
    await cameras.close();
  }
}
