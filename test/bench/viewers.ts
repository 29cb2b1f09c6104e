/** Many low-latency viewers at once through NGINX. The clients run in a process of their own on the same machine. */
import { join } from "node:path";
import { pssBytes } from "../../server/process/process-table.js";
import { Product } from "../support/product.js";
import { CpuMeter } from "./cpu-meter.js";
import type { Measurement } from "./measurement.js";
import type { Measured } from "./report.js";
import { rolesOf } from "./roles.js";
import { runLoad } from "./run-load.js";
import type { LoadReport } from "./viewer-load.js";

const from = "viewers";
const megabyte = 1_000_000;

export const viewers: Measurement = {
  name: from,
  async run({ short }) {
    const product = await Product.start();
    try {
      const rows: Measured[] = [];
      for (const count of short ? [1, 20] : [1, 20, 100, 200]) {
        rows.push(...(await measure(product, count, short ? 4000 : 20_000)));
      }
      return rows;
    } finally {
      await product.close();
    }
  },
};

async function measure(product: Product, count: number, ms: number): Promise<Measured[]> {
  const { controller, nginx } = rolesOf(product);
  const own = new CpuMeter([controller]);
  const proxy = new CpuMeter(nginx);
  const report = await load(product, count, ms);
  const memory = ((await pssBytes([controller, ...nginx])) ?? 0) / megabyte;
  const { parts, failures } = report;
  const use = `controller ${own.percent().toFixed(1)} %, NGINX ${proxy.percent().toFixed(1)} %, clients ${report.cpuPercent.toFixed(1)} % of a core`;
  const what = `${count} viewers: part written to part received`;
  const note = `${parts} parts, ${failures} failures; ${use}; ${memory.toFixed(0)} MB of both`;
  const rate = report.bytes / 1000 / (ms / 1000) / count;
  // Parts of the last moments have no chance to arrive.
  const whole = (100 * parts) / (count * Math.floor(ms / 200));
  return [
    { from, what: `${what}, median`, value: report.delayMs.median, unit: "ms", note },
    {
      from,
      what: `${what}, p99`,
      value: report.delayMs.p99,
      unit: "ms",
      note: `${whole.toFixed(0)} % of the parts due`,
    },
    { from, what: `${count} viewers: bytes to each`, value: rate, unit: "kB/s" },
  ];
}

function load(product: Product, count: number, ms: number): Promise<LoadReport> {
  const args = [`${product.url}/hls/main/live.m3u8`, join(product.live, "hls/main"), String(count), String(ms)];
  return runLoad<LoadReport>("viewer-load", args, ms);
}
