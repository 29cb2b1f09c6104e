/** What the page makes of the drills. Pure. */
import type { Status } from "../../../server/http/wire.js";
import type { DrillName, DrillView } from "../../../server/http/wire-protection.js";

/** In the order in which they run. The wire's own list is a value of the server, which the page does not carry. */
export const drillNames = [
  "killSource",
  "killEncoder",
  "switchUnderLoad",
  "freezeSource",
  "overheat",
] as const satisfies readonly DrillName[];

/** Why drills cannot begin now. */
export type DrillRefusal = "offline" | "running" | "guard" | "off" | "switching" | "notLive";

export interface DrillFacts {
  readonly online: boolean;
  readonly status: Pick<Status, "mode" | "switch" | "guard" | "drill" | "channels"> | null;
}

export const isRunning = (drill: DrillView | null): boolean => drill !== null && drill.endedAt === null;

/** A drill starts from a sound state only: it is to prove the recovery, not to make a bad moment worse. */
export function drillRefusal({ online, status }: DrillFacts): DrillRefusal | null {
  if (!online || status === null) return "offline";
  if (isRunning(status.drill)) return "running";
  if (status.mode === "off") return "off";
  if (status.guard.level !== "normal") return "guard";
  if (status.switch.kind === "switching") return "switching";
  const main = status.channels.find(({ name }) => name === "main");
  const live = main !== undefined && main.unavailable === null && main.standIn === "none" && !main.frozen;
  return live && main.camera !== null ? null : "notLive";
}

/** A drill needs a second camera to switch to. */
export function possibleDrills(cameras: number): readonly DrillName[] {
  return drillNames.filter((name) => cameras > 1 || name !== "switchUnderLoad");
}

/** How many of the drills are over, and how many passed. */
export function drillTally({ results }: DrillView): {
  readonly all: number;
  readonly over: number;
  readonly passed: number;
  readonly failed: number;
} {
  const count = (outcome: DrillView["results"][number]["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  const passed = count("passed");
  const failed = count("failed");
  return { all: results.length, over: passed + failed + count("skipped"), passed, failed };
}
