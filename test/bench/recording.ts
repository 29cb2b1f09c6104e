/**
 * What recording costs: the processor time of finishing one file (ffmpeg's own, as the kernel charges it to the recorder
 * that waited for it), of the recorder, and what it adds to the controller and to the rhythm of the parts. One product,
 * not recording, recording, and not recording again: what changes by itself as time goes by is on both sides.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { RecordingStatus } from "../../server/http/wire-recording.js";
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
const partMs = 200;

/** How often, and for how long, one of the two is looked at. Parts are kept for half a minute. */
interface Plan {
  readonly fileSeconds: number;
  readonly slices: number;
  readonly sliceMs: number;
  readonly settleMs: number;
}

const wholePlan: Plan = { fileSeconds: 30, slices: 3, sliceMs: 20_000, settleMs: 5000 };
const shortPlan: Plan = { fileSeconds: 5, slices: 1, sliceMs: 1500, settleMs: 500 };

interface Slice {
  /** Percent of a core. */
  readonly controller: number;
  /** How far the time between two parts was from 200 ms, of each. */
  readonly offMs: readonly number[];
}

interface Recorded {
  readonly slices: readonly Slice[];
  readonly recorder: number;
  readonly recorderMb: number | null;
  /** Processor milliseconds of ffmpeg for each finished file. */
  readonly finishMs: number;
  readonly files: number;
}

export const recording: Measurement = {
  name: from,
  async run({ short }) {
    const plan = short ? shortPlan : wholePlan;
    const product = await Product.start({ settings: { recording: { fileSeconds: plan.fileSeconds } } });
    try {
      await wait(plan.settleMs);
      const before = await slicesOf(product, plan.slices, plan);
      const recorded = await record(product, plan);
      await wait(plan.settleMs);
      const after = await slicesOf(product, plan.slices, plan);
      return rowsOf([...before, ...after], recorded, plan.fileSeconds);
    } finally {
      await product.close();
    }
  },
};

/** Records for twice as long as it does not on either side, and until a file is finished. */
async function record(product: Product, plan: Plan): Promise<Recorded> {
  await product.api("/api/recording/start", { cameras: [0] });
  await until("the recording", 10_000, async () => {
    return (await product.api<RecordingStatus>("/api/recording/status")).body.cameras[0]?.recording === true;
  });
  await wait(plan.settleMs);
  const { recorder } = rolesOf(product);
  const meter = new CpuMeter([recorder]);
  const [files, childMs] = [finishedRows(product).length, childCpuMs(recorder)];
  const slices = await slicesOf(product, 2 * plan.slices, plan);
  await until("a finished file", 60_000, () => finishedRows(product).length > files);
  const finished = finishedRows(product).length - files;
  const bytes = await pssBytes([recorder]);
  const percent = meter.percent();
  const finishMs = (childCpuMs(recorder) - childMs) / finished;
  await product.api("/api/recording/stop", {});
  return { slices, recorder: percent, recorderMb: bytes === null ? null : bytes / 1e6, finishMs, files: finished };
}

async function slicesOf(product: Product, count: number, { sliceMs }: Plan): Promise<Slice[]> {
  const { controller } = rolesOf(product);
  const slices: Slice[] = [];
  for (let index = 0; index < count; index++) {
    const [sinceMs, meter] = [Date.now(), new CpuMeter([controller])];
    await wait(sliceMs);
    slices.push({ controller: meter.percent(), offMs: rhythmOf(product, sinceMs) });
  }
  return slices;
}

function rowsOf(off: readonly Slice[], { slices: on, ...of }: Recorded, fileSeconds: number): Measured[] {
  const cpu = { off: meanOf(off), on: meanOf(on) };
  const rhythm = { off: offRhythm(off), on: offRhythm(on) };
  const shift = rhythm.off === null || rhythm.on === null ? null : rhythm.on - rhythm.off;
  const unit = "% of a core";
  return [
    {
      ...{ from, what: `finishing a file of ${fileSeconds} s`, value: of.finishMs, unit: "ms of processor" },
      ...{ budget: "finishCpu", note: `${of.files} files` },
    },
    {
      ...{ from, what: "controller, more with recording on", value: cpu.on - cpu.off, unit },
      ...{ budget: "recordingCpu", note: `${cpu.off.toFixed(1)} without recording` },
    },
    {
      ...{ from, what: "parts off their rhythm, p99, more with recording on", value: shift, unit: "ms" },
      ...{ budget: "recordingRhythm", note: `${rhythm.off?.toFixed(1) ?? "?"} without recording` },
    },
    { from, what: "recorder", value: of.recorder, unit, note: "beside finishing" },
    { from, what: "memory (PSS) of the recorder", value: of.recorderMb, unit: "MB" },
  ];
}

const meanOf = (slices: readonly Slice[]): number =>
  slices.reduce((sum, { controller }) => sum + controller, 0) / slices.length;

const offRhythm = (slices: readonly Slice[]): number | null =>
  percentile(
    slices.flatMap(({ offMs }) => offMs),
    99,
  );

/** Processor time of the children that a process has waited for: `cutime` and `cstime` of proc(5). */
function childCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / cpuTicksPerSecond;
}

/** By the times at which the parts since then were written. */
function rhythmOf({ live }: Product, sinceMs: number): number[] {
  const folder = join(live, "hls/main");
  const times = readdirSync(folder)
    .flatMap((name) => /^part_(\d+)\.m4s$/.exec(name)?.[1] ?? [])
    .map((number) => {
      // The oldest go while we look.
      const facts = statSync(join(folder, `part_${number}.m4s`), { throwIfNoEntry: false });
      return { number: Number(number), ms: facts?.mtimeMs ?? 0 };
    })
    .filter(({ ms }) => ms >= sinceMs)
    .sort((a, b) => a.number - b.number);
  return times.slice(1).map(({ ms }, index) => Math.abs(ms - (times[index]?.ms ?? ms) - partMs));
}
