/** From the moment a part is on disk to its name in the answer of a blocked reload, through NGINX. */
import { watch } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { Product } from "../support/product.js";
import { LowLatencyClient, type ReceivedPart } from "./low-latency-client.js";
import type { Measurement } from "./measurement.js";
import type { Measured } from "./report.js";
import { encoderFolder, rolesOf } from "./roles.js";
import { figures } from "./stats.js";

const from = "reload";

export const reload: Measurement = {
  name: from,
  async run({ short }) {
    const product = await Product.start();
    try {
      return rows(await measure(product, short ? 4000 : 60_000));
    } finally {
      await product.close();
    }
  },
};

/** Milliseconds of each part. */
async function measure(product: Product, ms: number): Promise<number[]> {
  const [encoder = 0] = rolesOf(product).encoders;
  const onDiskMs: number[] = [];
  // The encoder renames a part into place when it is whole. The event comes about 0.3 ms after it.
  const watcher = watch(encoderFolder(encoder), (_kind, name) => {
    if (name?.endsWith(".m4s") === true) onDiskMs.push(performance.timeOrigin + performance.now());
  });
  const end = new AbortController();
  const parts: ReceivedPart[] = [];
  const playlist = `${product.url}/hls/main/live.m3u8`;
  const client = new LowLatencyClient(playlist, (part) => parts.push(part)).run(end.signal);
  await wait(ms);
  end.abort();
  watcher.close();
  await client;
  return parts.flatMap(({ namedMs }) => sinceLast(onDiskMs, namedMs));
}

/** A part's file makes two events, at its rename and its removal once it is published: the earlier one counts. */
function sinceLast(onDiskMs: readonly number[], namedMs: number): number[] {
  const first = onDiskMs.find((atMs) => atMs <= namedMs && namedMs - atMs < partMs / 2);
  return first === undefined ? [] : [namedMs - first];
}

const partMs = 200;

function rows(delaysMs: readonly number[]): Measured[] {
  const { median, p99, count, max } = figures(delaysMs);
  const note = `${count} parts, median ${(median ?? 0).toFixed(1)} ms, longest ${(max ?? 0).toFixed(1)} ms`;
  return [{ from, what: "part on disk to blocked reload, p99", value: p99, unit: "ms", budget: "reloadP99", note }];
}
