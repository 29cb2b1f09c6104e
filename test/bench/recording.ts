/**
 * What recording costs: the processor time of finishing one file (ffmpeg's own, as the kernel charges it to the recorder
 * that waited for it), of the recorder, and what it adds to the controller and to the rhythm of the parts. The same
 * product runs once without recording and once with it, one after the other.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { cpuTicksPerSecond, pssBytes } from "../../server/process/process-table.js";
import { Product } from "../support/product.js";
import { finishedRows } from "../support/recordings.js";
import { until } from "../support/until.js";
import { CpuMeter } from "./cpu-meter.js";
import type { Measurement } from "./measurement.js";
import type { Measured } from "./report.js";
import { rolesOf } from "./roles.js";
import { percentile } from "./stats.js";

const from = "recording";

interface Run {
  readonly controller: number;
  readonly recorder: number;
  readonly recorderMb: number | null;
  /** How far the 99th percentile of the times between two parts is from 200 ms. */
  readonly cadenceMs: number | null;
  /** Processor milliseconds of ffmpeg for each finished file; null: none was finished. */
  readonly finishMs: number | null;
  readonly files: number;
}

export const recording: Measurement = {
  name: from,
  async run({ short }) {
    const off = await runOnce("off", short);
    const on = await runOnce("continuous", short);
    return rowsOf(off, on, short ? 5 : 30);
  },
};

async function runOnce(mode: "off" | "continuous", short: boolean): Promise<Run> {
  const fileSeconds = short ? 5 : 30;
  const plans = { 0: { mode }, 1: { mode } };
  const product = await Product.start({ settings: { recording: { plans, fileSeconds } } });
  try {
    await wait(short ? 500 : 10_000);
    const { controller, recorder } = rolesOf(product);
    const meters = { controller: new CpuMeter([controller]), recorder: new CpuMeter([recorder]) };
    const [files, childMs] = [finishedRows(product).length, childCpuMs(recorder)];
    await wait(short ? 3000 : 120_000);
    if (mode === "continuous") await until("a finished file", 60_000, () => finishedRows(product).length > files);
    const finished = finishedRows(product).length - files;
    const bytes = await pssBytes([recorder]);
    return {
      controller: meters.controller.percent(),
      recorder: meters.recorder.percent(),
      recorderMb: bytes === null ? null : bytes / 1e6,
      cadenceMs: cadenceOf(product),
      finishMs: finished === 0 ? null : (childCpuMs(recorder) - childMs) / finished,
      files: finished,
    };
  } finally {
    await product.close();
  }
}

function rowsOf(off: Run, on: Run, fileSeconds: number): Measured[] {
  const compare = (key: "controller" | "cadenceMs") => `${off[key]?.toFixed(1) ?? "?"} without recording`;
  return [
    {
      ...{ from, what: `finishing a file of ${fileSeconds} s`, value: on.finishMs, unit: "ms of processor" },
      ...{ budget: "finishCpu", note: `${on.files} files` },
    },
    {
      ...{
        from,
        what: "controller, more with recording on",
        value: on.controller - off.controller,
        unit: "% of a core",
      },
      ...{ budget: "recordingCpu", note: compare("controller") },
    },
    { from, what: "recorder", value: on.recorder, unit: "% of a core", note: "beside finishing" },
    { from, what: "memory (PSS) of the recorder", value: on.recorderMb, unit: "MB" },
    { from, what: "parts off their rhythm, p99", value: on.cadenceMs, unit: "ms", note: compare("cadenceMs") },
  ];
}

/** Processor time of the children that a process has waited for: `cutime` and `cstime` of proc(5). */
function childCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / cpuTicksPerSecond;
}

/** By the times at which the parts that are still there were written. */
function cadenceOf({ live }: Product): number | null {
  const folder = join(live, "hls/main");
  const times = readdirSync(folder)
    .flatMap((name) => /^part_(\d+)\.m4s$/.exec(name)?.[1] ?? [])
    .map((number) => ({ number: Number(number), ms: statSync(join(folder, `part_${number}.m4s`)).mtimeMs }))
    .sort((a, b) => a.number - b.number);
  const off = times.slice(1).map(({ ms }, index) => Math.abs(ms - (times[index]?.ms ?? ms) - 200));
  return percentile(off, 99);
}
