/**
 * The drills: safe failures of the live system. Each breaks one thing as it could break by itself, leaves the repair to
 * the product, and undoes what the product cannot (a simulated reading, a load, a stopped process).
 */
import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Settings } from "../../config/schema.js";
import type { ResourceMonitor } from "../../guard/resources/resource-monitor.js";
import type { DrillName, GuardView } from "../../http/wire-protection.js";
import type { Clock } from "../../lib/clock.js";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import { Child } from "../../process/child.js";
import { signalGroup } from "../../process/process-table.js";
import { killLadder } from "../../process/stop-ladder.js";
import type { Channel } from "../../stream/channel.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";
import type { Rest } from "../../switch/rest.js";
import { finished } from "../settings-changes.js";

export interface DrillTools {
  readonly channel: Channel;
  readonly switcher: CameraSwitcher;
  /** Nobody has to watch a drill. */
  readonly rest: Pick<Rest, "keepAwake">;
  readonly monitor: Pick<ResourceMonitor, "simulate">;
  readonly guard: () => GuardView;
  readonly limits: Settings["guard"];
  /** Cameras that a switch may go to. */
  readonly usable: () => readonly number[];
  readonly clock: Clock;
  readonly log: Log;
}

export type DrillEnd =
  | { readonly kind: "picture"; readonly ms: number; readonly note: string }
  | { readonly kind: "skipped"; readonly note: string };

export interface Drill {
  readonly name: DrillName;
  /** How long it may take from the failure to a picture, in milliseconds. */
  readonly limitMs: (tools: DrillTools) => number;
  /** Rejects when there is no picture in time, or when aborted; whatever happens, what it did is undone. */
  readonly run: (tools: DrillTools, signal: AbortSignal) => Promise<DrillEnd>;
}

const lookMs = 20;

/** Resolves when it is so. Rejects with the signal's reason. */
export async function whenTrue(isSo: () => boolean, signal: AbortSignal): Promise<void> {
  while (!isSo()) await wait(lookMs, undefined, { signal });
}

/** A frame of a camera that came after this moment has reached the playlist, `isNew` being so. */
async function pictureSince(
  sinceMs: number,
  { channel, switcher }: DrillTools,
  signal: AbortSignal,
  isNew: () => boolean = () => true,
): Promise<void> {
  const isFresh = (): boolean => (channel.newestFrame?.arrivedMs ?? 0) > sinceMs && channel.standIn === "none";
  await whenTrue(() => isNew() && isFresh() && switcher.state.kind === "idle", signal);
  await channel.nextPart(channel.generation?.number ?? 0, signal);
}

async function killSource(tools: DrillTools, signal: AbortSignal): Promise<DrillEnd> {
  const source = runningSource(tools.channel);
  const sinceMs = tools.clock.monotonicMs();
  signalGroup(source.pid, "SIGKILL");
  await pictureSince(sinceMs, tools, signal, () => tools.channel.source !== source.source);
  return picture(sinceMs, tools, `the camera program ${source.pid} was killed`);
}

async function killEncoder(tools: DrillTools, signal: AbortSignal): Promise<DrillEnd> {
  const { channel } = tools;
  const { generation } = channel;
  const pid = generation?.encoder.pid;
  if (pid === undefined) throw new AppError("notLive", "No encoder runs.");
  const sinceMs = tools.clock.monotonicMs();
  signalGroup(pid, "SIGKILL");
  await pictureSince(sinceMs, tools, signal, () => channel.generation !== generation);
  return picture(sinceMs, tools, `the encoder ${pid} was killed`);
}

async function freezeSource(tools: DrillTools, signal: AbortSignal): Promise<DrillEnd> {
  const { source, pid } = runningSource(tools.channel);
  const sinceMs = tools.clock.monotonicMs();
  signalGroup(pid, "SIGSTOP");
  try {
    await pictureSince(sinceMs, tools, signal, () => tools.channel.source !== source);
    return picture(sinceMs, tools, `the camera program ${pid} was halted`);
  } finally {
    if (!source.isGone) signalGroup(pid, "SIGCONT");
  }
}

async function overheat(tools: DrillTools, signal: AbortSignal): Promise<DrillEnd> {
  const { monitor, guard, limits, clock } = tools;
  if (!limits.enabled) return { kind: "skipped", note: "The guard is turned off (guard.enabled)." };
  const hotC = limits.temperatureStopC + 5;
  const coolC = limits.temperatureReduceC - limits.temperatureBackC - 10;
  const heatedMs = clock.monotonicMs();
  try {
    monitor.simulate({ temperatureC: hotC });
    await whenTrue(() => guard().level === "stopped", signal);
    const stoppedMs = Math.round(clock.monotonicMs() - heatedMs);
    monitor.simulate({ temperatureC: coolC });
    const sinceMs = clock.monotonicMs();
    await pictureSince(sinceMs, tools, signal);
    const end = picture(sinceMs, tools, `stopped ${stoppedMs} ms after ${hotC} °C; back after ${coolC} °C`);
    await whenTrue(() => guard().level === "normal", signal);
    return end;
  } finally {
    monitor.simulate(null);
  }
}

async function switchUnderLoad(tools: DrillTools, signal: AbortSignal): Promise<DrillEnd> {
  const { switcher, log } = tools;
  const here = liveCamera(switcher);
  const there = tools.usable().find((camera) => camera !== here);
  if (here === null || there === undefined) return { kind: "skipped", note: "There is no other camera to switch to." };
  const burners = Array.from({ length: availableParallelism() }, (_, index) => burn(index, log));
  try {
    const forth = await switchTimeMs(switcher, there, signal);
    // A request now would take the place of what waited behind the switch: of “off”, or of the guard's stop.
    if (liveCamera(switcher) !== there) throw new AppError("superseded", "Something else was asked of the cameras.");
    const back = await switchTimeMs(switcher, here, signal);
    const note = `to camera ${there} and back with every core busy: ${forth} and ${back} ms`;
    return { kind: "picture", ms: Math.max(forth, back), note };
  } finally {
    await Promise.all(burners.map((burner) => burner.stop("drill over", killLadder)));
  }
}

/** A program that keeps one core busy. */
function burn(index: number, log: Log): Child {
  return new Child({ name: `load ${index}`, program: process.execPath, args: ["-e", "for (;;);"], log });
}

const liveCamera = ({ state }: CameraSwitcher): number | null => (state.kind === "idle" ? state.live : null);

/** Where the drill is broken off, the switch goes on and nobody waits for it. */
async function switchTimeMs(switcher: CameraSwitcher, camera: number, signal: AbortSignal): Promise<number> {
  let isOver = false;
  const answer = finished(switcher.request(camera, "drill")).finally(() => (isOver = true));
  answer.catch(() => undefined);
  await whenTrue(() => isOver, signal);
  const receipt = await answer;
  if (receipt?.outcome === "committed") return Math.round(receipt.totalMs ?? 0);
  throw new AppError("switchFailed", receipt?.reason?.message ?? "There was no switch.");
}

function runningSource({ source }: Channel) {
  if (source?.pid === undefined) throw new AppError("notLive", "No camera runs.");
  return { source, pid: source.pid };
}

function picture(sinceMs: number, { clock }: DrillTools, note: string): DrillEnd {
  return { kind: "picture", ms: Math.round(clock.monotonicMs() - sinceMs), note };
}

/** B3: a dead source or encoder is replaced within 3 s; A3: a switch takes 5 s at most. */
const deathLimitMs = 3000;
const switchLimitMs = 5000;
/** A frozen picture is named within 5 s; then the halted program is stopped and a new one started. */
const freezeLimitMs = 8000;
/** Beside the guard's own time until a step back: the stop before it and the camera's start after it. */
const overheatExtraMs = 15_000;

/** In the order in which they are run: the longest last. */
export const drillPlan: readonly Drill[] = [
  { name: "killSource", limitMs: () => deathLimitMs, run: killSource },
  { name: "killEncoder", limitMs: () => deathLimitMs, run: killEncoder },
  { name: "switchUnderLoad", limitMs: () => switchLimitMs, run: switchUnderLoad },
  { name: "freezeSource", limitMs: () => freezeLimitMs, run: freezeSource },
  { name: "overheat", limitMs: ({ limits }) => limits.backSeconds * 1000 + overheatExtraMs, run: overheat },
];
