/**
 * Each fault of the simulated camera at the beginning of each step of a switch, at the new camera and at the former one.
 * Whatever the fault, the switch ends in one receipt as the table of the design says, never with two sources at once, and
 * when the fault is gone there is a picture again without a person.
 *
 * All 150 cases take three minutes: with WHOLE=1. Without it every sixth is run, so that each fault is met at some
 * steps, and each step meets some faults.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultSchema, type FaultInput } from "../../../server/camera/simulated/faults.js";
import type { Receipt, Step } from "../../../server/switch/switch-types.js";
import { SwitchRig } from "../../support/switch-rig.js";
import { isWhole } from "../../support/whole.js";

const steps: readonly Step[] = ["prepare", "stop", "drain", "start", "handOver", "verify", "commit"];

/** At the new camera they keep a picture from coming; at the former one they may keep it from stopping cleanly. */
const harmful: readonly FaultInput[] = [
  { kind: "slowStart", ms: 3000 },
  { kind: "neverStarts" },
  { kind: "busy" },
  { kind: "gone" },
  { kind: "wrongSize", width: 640, height: 480 },
  { kind: "hang" },
  { kind: "restartLoop" },
  { kind: "die" },
  { kind: "die", signal: "SIGKILL" },
];
/** The picture goes on through them. */
const nuisances: readonly FaultInput[] = [
  { kind: "garbage", everyFrames: 2 },
  { kind: "torn", everyFrames: 5 },
  { kind: "unevenRate", jitterMs: 60 },
  { kind: "freeze" },
  { kind: "ignoreSigint" },
  { kind: "ignoreSigint", sigterm: true },
];

const nameOf = (fault: FaultInput): string =>
  JSON.stringify(fault).replaceAll(/[{}"]/g, "").replace("kind:", "").replaceAll(",", " ");

/** The faults of this run for one step, each with its name. */
function faultsFor(step: Step, faults: readonly FaultInput[]): (readonly [string, FaultInput])[] {
  const turn = steps.indexOf(step);
  return faults.filter((_, index) => isWhole || (index + turn) % 6 === 0).map((fault) => [nameOf(fault), fault]);
}

let rig: SwitchRig;

beforeAll(async () => {
  rig = await SwitchRig.open();
  await rig.switchTo(0);
  await rig.picture(0);
});

afterAll(async () => {
  await rig.close();
});

/** Switches from 0 to 1, with a fault from the beginning of a step on; afterwards camera 0 is live again. */
async function switchWith(camera: number, fault: FaultInput, at: Step): Promise<Receipt> {
  let isSet = false;
  rig.onStep = async (step, run) => {
    if (step !== at || run.direction !== "forward" || isSet) return;
    isSet = true;
    await rig.setFault(camera, fault);
  };
  const receipt = await rig.switchTo(1);
  rig.onStep = () => Promise.resolve();
  await rig.setFault(camera, null);
  expect(isSet).toBe(true);
  await rig.picture();
  await rig.switchTo(0);
  await rig.picture(0);
  if (receipt === null) throw new Error("There was no switch.");
  return receipt;
}

function expectSound(receipt: Receipt): void {
  const told = JSON.stringify(receipt);
  expect(rig.watch.report().violations, told).toEqual([]);
  expect(["committed", "rolledBack", "failed"], told).toContain(receipt.outcome);
  expect(receipt.live, told).toBe({ committed: 1, rolledBack: 0, failed: null }[receipt.outcome ?? "failed"]);
  expect(receipt.reason === null, told).toBe(receipt.outcome === "committed");
}

it("knows every fault that there is", () => {
  const known = new Set([...harmful, ...nuisances].map(({ kind }) => kind));
  expect([...known].sort()).toEqual(faultSchema.options.map(({ shape }) => shape.kind.value).sort());
});

const beforeStart = steps.slice(0, steps.indexOf("start"));

describe.each(steps)("A4 I1 I6 at the step %s", (step) => {
  it.each(faultsFor(step, harmful))(
    "the new camera: %s",
    async (_name, fault) => {
      const receipt = await switchWith(1, fault, step);
      expectSound(receipt);
      // It is there before the camera starts: no picture can come, and the switch goes back. Later it may be in time.
      if (step === "start" || beforeStart.includes(step))
        expect(receipt.outcome, JSON.stringify(receipt)).toBe("rolledBack");
    },
    60_000,
  );

  it.each(faultsFor(step, nuisances))(
    "the new camera: %s",
    async (_name, fault) => {
      const receipt = await switchWith(1, fault, step);
      expectSound(receipt);
      expect(receipt.outcome, JSON.stringify(receipt)).toBe("committed");
    },
    60_000,
  );
});

/** Once it is drained it runs no more, and nothing of it can disturb the switch. */
describe.each(beforeStart)("A4 I1 I6 at the step %s", (step) => {
  it.each(faultsFor(step, [...harmful, ...nuisances]))(
    "the former camera: %s",
    async (_name, fault) => {
      const receipt = await switchWith(0, fault, step);
      expectSound(receipt);
      expect(receipt.outcome, JSON.stringify(receipt)).toBe("committed");
    },
    60_000,
  );
});
