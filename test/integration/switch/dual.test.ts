import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Frame } from "../../../server/camera/frame.js";
import type { PublishedPart } from "../../../server/hls/publisher.js";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { signalGroup } from "../../../server/process/process-table.js";
import type { Channel } from "../../../server/stream/channel.js";
import { expectTrueChannel } from "../../support/public-channel.js";
import { SwitchRig } from "../../support/switch-rig.js";
import { until } from "../../support/until.js";

let rig: SwitchRig;
let isResting = false;

beforeEach(async () => {
  isResting = false;
  // A busy machine may take its time: what is tested here is the order of things.
  const times = { firstFrameMs: 8000, deadlineMs: 20_000, verifyMs: 8000 };
  rig = await SwitchRig.open({ times, isResting: () => isResting });
});
afterEach(() => rig.close());

/** Notes all parts of a channel, from here on. */
function partsOf(channel: Channel): PublishedPart[] {
  const parts: PublishedPart[] = [];
  channel.on("part", (part) => parts.push(part));
  return parts;
}

/** Resolves with how much later than the first frame from here on the first part is dated, in milliseconds. */
async function lateness(channel: Channel): Promise<number> {
  const parts = partsOf(channel);
  const frames: Frame[] = [];
  channel.on("frame", (frame) => frames.push(frame));
  const dateMs = await until(`the first part of ${channel.name}`, 30_000, () => parts[0]?.dateMs);
  const ageMs = clock.monotonicMs() - (frames[0]?.arrivedMs ?? NaN);
  return dateMs - (clock.epochMs() - ageMs);
}

/** Each begins where the former ended (I3), and has a number of its own. */
function expectOneTimeline(parts: readonly PublishedPart[]): void {
  for (const [index, part] of parts.entries()) {
    const former = parts[index - 1];
    if (former === undefined) continue;
    expect(part.startTicks).toBe(former.startTicks + former.ticks);
    expect(part.number).toBeGreaterThan(former.number);
    if (part.generation !== former.generation) expect(part.independent).toBe(true);
    else expect(part.camera).toBe(former.camera);
  }
}

const dualLive = (camera: number): Promise<unknown> =>
  until(`camera ${camera} in dual mode`, 20_000, () => rig.dualCamera(camera).isLive);

/** The longest time between two parts, in milliseconds. */
function longestPauseMs(parts: readonly PublishedPart[]): number {
  return Math.max(...parts.slice(1).map((part, index) => part.publishedMs - (parts[index]?.publishedMs ?? 0)));
}

describe("dual mode (A10)", () => {
  test("I8: whatever becomes of one camera or its encoder, the other's parts come as before, and it comes back", async () => {
    await rig.switchTo(0);
    await rig.changeMode("dual");
    await dualLive(0);
    await dualLive(1);
    const calm = partsOf(rig.dualCamera(0).channel);
    const main = partsOf(rig.channel);
    const other = rig.dualCamera(1);
    const faults = [
      { kind: "die", afterFrames: 5 },
      { kind: "garbage", bytes: 20_000, everyFrames: 3 },
    ] as const;
    for (const fault of faults) {
      await rig.setFault(1, fault);
      const { source } = other.channel;
      if (source?.pid !== undefined) signalGroup(source.pid, "SIGKILL");
      await until("the loss of camera 1", 20_000, () => other.channel.source !== source);
      await rig.setFault(1, null);
      await dualLive(1);
    }
    const encoder = other.channel.generation?.encoder;
    if (encoder?.pid !== undefined) signalGroup(encoder.pid, "SIGKILL");
    await until("another encoder", 20_000, () => other.channel.generation?.encoder !== encoder);
    await dualLive(1);
    expectOneTimeline(calm);
    expect(new Set(calm.map(({ generation }) => generation)).size).toBe(1);
    expect(new Set(main.map(({ generation }) => generation)).size).toBe(1);
    // A part lasts 200 ms; the rest is the machine, which others use too.
    expect(longestPauseMs(calm)).toBeLessThan(900);
    expect(rig.dualCamera(0).switcher.state).toMatchObject({ kind: "idle", live: 0 });
  });

  test("a camera that takes longer to start is not disturbed by the one that is shown meanwhile", async () => {
    await rig.setFault(1, { kind: "slowStart", ms: 2500 });
    const ends: string[] = [];
    rig.dualCamera(1).switcher.on("receipt", ({ outcome, reason }) => ends.push(reason?.message ?? String(outcome)));
    expect(await rig.changeMode("dual")).toMatchObject({ outcome: "committed", live: 0 });
    expect(rig.dualCamera(1).isLive).toBe(false);
    await dualLive(1);
    expect(ends).toEqual(["committed"]);
  });

  test("I3: to dual mode, to the other camera, and back: one timeline, each change a receipt, no source too many", async () => {
    await rig.switchTo(0);
    const parts = partsOf(rig.channel);
    const source = rig.channel.source;
    const begun = lateness(rig.dualCamera(1).channel);
    const dual = await rig.changeMode("dual");
    expect(dual, JSON.stringify(dual)).toMatchObject({
      outcome: "committed",
      from: 0,
      to: 0,
      live: 0,
      trigger: "mode",
    });
    expect(rig.mode).toBe("dual");
    expect(rig.channel.source).toBe(source);
    await dualLive(0);
    await dualLive(1);
    const switched = await rig.switchTo(1);
    expect(switched).toMatchObject({ outcome: "committed", live: 1 });
    expect(switched?.totalMs).toBeLessThan(4000);
    expect(rig.channel.newestFrame?.camera).toBe(1);
    expectTrueChannel(rig.directoryOf(0));
    expectTrueChannel(rig.directoryOf(1));
    const back = await rig.changeMode("toggle");
    expect(back).toMatchObject({ outcome: "committed", live: 1 });
    expect(rig.mode).toBe("toggle");
    expect(rig.dualCamera(0).isOn || rig.dualCamera(1).isOn).toBe(false);
    await rig.picture(1);
    expectOneTimeline(parts);
    expect([...new Set(parts.map(({ camera }) => camera))]).toEqual([0, 1]);
    expectTrueChannel(rig.directory);
    // I7: soon after the start, and soon after it was left, no frame is shown in a time before it was taken.
    const again = lateness(rig.dualCamera(0).channel);
    expect(await rig.changeMode("dual")).toMatchObject({ outcome: "committed", live: 1 });
    for (const lateMs of await Promise.all([begun, again])) expect(lateMs).toBeGreaterThan(-300);
    // H4: whoever asks for a camera that rests is held; in toggle mode nobody is to wait for the others.
    const reasons = () => [0, 1].map((camera) => rig.dualCamera(camera).channel.unavailable?.code);
    isResting = true;
    await rig.turnOff();
    expect(reasons()).toEqual(["resting", "resting"]);
    isResting = false;
    expect(await rig.changeMode("toggle")).toMatchObject({ outcome: "committed" });
    expect(reasons()).toEqual(["modeForbids", "modeForbids"]);
  });
});
