/**
 * Processor time and memory of a live channel with one viewer. The seed's ffmpeg runs at the same time on frames of the
 * same simulated camera, so that whatever disturbs the machine disturbs both.
 */
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { pssBytes } from "../../server/process/process-table.js";
import { Product } from "../support/product.js";
import { CpuMeter } from "./cpu-meter.js";
import { LowLatencyClient } from "./low-latency-client.js";
import type { Measurement } from "./measurement.js";
import { Peer } from "./peers/peer.js";
import { seedPeer } from "./peers/seed-peer.js";
import type { Measured } from "./report.js";
import { rolesOf } from "./roles.js";

const from = "cost";
const megabyte = 1_000_000;

export const cost: Measurement = {
  name: from,
  async run({ short }) {
    const product = await Product.start();
    try {
      const peer = await Peer.start(seedPeer);
      const viewing = new AbortController();
      const viewer = new LowLatencyClient(`${product.url}/hls/main/live.m3u8`).run(viewing.signal);
      try {
        await wait(short ? 2000 : 10_000);
        return [...(await cpuRows(product, peer, short ? 5000 : 60_000)), ...(await memoryRows(product))];
      } finally {
        viewing.abort();
        await viewer;
        await peer.close();
      }
    } finally {
      await product.close();
    }
  },
};

async function cpuRows(product: Product, peer: Peer, ms: number): Promise<Measured[]> {
  const { controller, encoders, nginx } = rolesOf(product);
  const meters = {
    controller: new CpuMeter([controller]),
    encoder: new CpuMeter(encoders),
    nginx: new CpuMeter(nginx),
    seed: new CpuMeter([peer.encoderPid]),
  };
  await wait(ms);
  const own = meters.controller.percent();
  const encoder = meters.encoder.percent();
  const seed = meters.seed.percent();
  const parts = `controller ${own.toFixed(1)} + encoder ${encoder.toFixed(1)} against ${seed.toFixed(1)} % of a core`;
  return [
    { from, what: "controller, per live channel", value: own, unit: "% of a core", budget: "controllerCpu" },
    {
      from,
      what: "controller and encoder against the seed's ffmpeg",
      value: seed > 0 ? (own + encoder) / seed : null,
      unit: "×",
      budget: "cpuRatio",
      note: parts,
    },
    { from, what: "NGINX", value: meters.nginx.percent(), unit: "% of a core" },
  ];
}

function residentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
  return (Number(kilobytes) * 1024) / megabyte;
}

async function memoryRows(product: Product): Promise<Measured[]> {
  const { controller, recorder, encoders, nginx } = rolesOf(product);
  const size = async (pids: readonly number[]) => {
    const bytes = await pssBytes(pids);
    return bytes === null ? null : bytes / megabyte;
  };
  const own = await size([controller]);
  // The simulated camera is a Node program too and shares the pages of Node's own code: a real one does not.
  const note = `${residentMb(controller).toFixed(0)} MB resident, pages shared with other programs of Node counted whole`;
  const whole = await size([controller, recorder, ...encoders, ...nginx]);
  return [
    { from, what: "memory (PSS) of the controller", value: own, unit: "MB", budget: "controllerMemory", note },
    { from, what: "memory (PSS) of the whole", value: whole, unit: "MB", budget: "wholeMemory" },
  ];
}
