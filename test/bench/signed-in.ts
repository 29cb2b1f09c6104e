/**
 * What accounts cost: the same stream to the same number of viewers, signed in and not. Two products run all the time; the
 * viewers watch one and the other in turns, so that whatever disturbs the machine disturbs both. The budget is held against
 * all that streaming takes (controller, NGINX, encoder); controller and NGINX alone stand beside it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setMaxListeners } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { Product } from "../support/product.js";
import { CpuMeter } from "./cpu-meter.js";
import { LowLatencyClient } from "./low-latency-client.js";
import type { Measurement } from "./measurement.js";
import type { Measured } from "./report.js";
import { rolesOf } from "./roles.js";
import { percentile } from "./stats.js";

const from = "signed-in";
const viewers = 10;

/** Percent of a core. */
interface Use {
  readonly serving: number;
  readonly whole: number;
}

interface Side {
  readonly product: Product;
  /** What each viewer shows. */
  readonly headers: readonly Record<string, string>[];
  readonly uses: Use[];
}

export const signedIn: Measurement = {
  name: from,
  async run({ short }) {
    const products: Product[] = [];
    try {
      for (const auth of ["off", "accounts"] as const) {
        products.push(await Product.start({ readyMs: 60_000, settings: { access: { auth } } }));
      }
      const [open, signed] = await Promise.all(products.map(sideOf));
      if (open === undefined || signed === undefined) throw new Error("There are not two products.");
      for (let round = 0; round < (short ? 1 : 9); round++) {
        // Each goes first in every other round.
        for (const side of round % 2 === 0 ? [open, signed] : [signed, open]) await watch(side, short ? 2000 : 8000);
      }
      return rowsOf(open, signed);
    } finally {
      for (const product of products) await product.close();
    }
  },
};

/** With accounts each viewer has a session of its own, as people have. */
async function sideOf(product: Product): Promise<Side> {
  const { auth } = (await product.api<{ auth: string }>("/api/session")).body;
  const headers: Record<string, string>[] = [];
  const token = auth === "off" ? null : readFileSync(join(product.directory, "state/set-up.token"), "utf8").trim();
  const [name, password] = ["Ann", "correct horse battery"];
  if (token !== null) await cookieOf(product, "/api/setup", { token, name, password });
  for (let n = 0; n < viewers; n++) {
    headers.push(token === null ? {} : { Cookie: await cookieOf(product, "/api/session", { name, password }) });
  }
  return { product, headers, uses: [] };
}

async function cookieOf(product: Product, path: string, body: object): Promise<string> {
  const response = await fetch(product.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const [cookie] = response.headers.getSetCookie();
  if (cookie === undefined) throw new Error(`${path}: ${await response.text()}`);
  return cookie.split(";")[0] ?? "";
}

async function watch({ product, headers, uses }: Side, ms: number): Promise<void> {
  const { controller, encoders, nginx } = rolesOf(product);
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  const playlist = `${product.url}/hls/main/live.m3u8`;
  const runs = headers.map((each) => new LowLatencyClient(playlist, undefined, each).run(end.signal));
  await wait(1000);
  const meters = { serving: new CpuMeter([controller, ...nginx]), encoding: new CpuMeter(encoders) };
  await wait(ms);
  const serving = meters.serving.percent();
  uses.push({ serving, whole: serving + meters.encoding.percent() });
  end.abort();
  const failures = (await Promise.all(runs)).flatMap((run) => run.failures);
  if (failures.length > 0) throw new Error(`${failures.length} requests failed: ${failures[0] ?? ""}`);
}

function rowsOf(open: Side, signed: Side): Measured[] {
  const row = (what: string, key: keyof Use): Measured => {
    const [without, with_] = [open, signed].map(
      ({ uses }) =>
        percentile(
          uses.map((use) => use[key]),
          50,
        ) ?? Number.NaN,
    );
    const value = without === undefined || with_ === undefined ? null : 100 * (with_ / without - 1);
    const note = `${with_?.toFixed(2) ?? "?"} against ${without?.toFixed(2) ?? "?"} % of a core, ${viewers} viewers, medians of ${open.uses.length}`;
    return { from, what, value, unit: "% more CPU", note };
  };
  return [
    { ...row("streaming to who is signed in against to anybody", "whole"), budget: "signedInCpu" },
    row("the same, controller and NGINX alone", "serving"),
  ];
}
