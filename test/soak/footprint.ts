import { readdirSync } from "node:fs";
import { pssBytes } from "../../server/process/process-table.js";
import type { Product } from "../support/product.js";

/** What the product holds at one moment while nothing is being switched. */
export interface Footprint {
  /** Processes by name, the camera's and the encoder's among them. */
  readonly processes: Readonly<Record<string, number>>;
  readonly descriptors: number;
  /** PSS of the controller. */
  readonly controllerMb: number;
  /** PSS of all but the simulated camera. */
  readonly wholeMb: number;
}

const megabyte = 1_000_000;

export async function footprintOf(product: Product, cameras: readonly number[]): Promise<Footprint> {
  const controller = product.pid ?? 0;
  const all = product.processes();
  const processes: Record<string, number> = {};
  for (const { name } of all) processes[name] = (processes[name] ?? 0) + 1;
  const own = all.map(({ pid }) => pid).filter((pid) => !cameras.includes(pid));
  return {
    processes,
    descriptors: readdirSync(`/proc/${controller}/fd`).length,
    controllerMb: ((await pssBytes([controller])) ?? 0) / megabyte,
    wholeMb: ((await pssBytes(own)) ?? 0) / megabyte,
  };
}
