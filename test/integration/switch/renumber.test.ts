/** A camera that goes or comes moves rpicam's numbers of the others (FACTS), between a look-up and a start. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Frame } from "../../../server/camera/frame.js";
import { signalGroup } from "../../../server/process/process-table.js";
import type { Channel } from "../../../server/stream/channel.js";
import { stripOfJpeg } from "../../support/jpeg-strip.js";
import { SwitchRig } from "../../support/switch-rig.js";
import { until } from "../../support/until.js";

let rig: SwitchRig;

beforeEach(async () => {
  rig = await SwitchRig.open({ times: { firstFrameMs: 8000, deadlineMs: 20_000, verifyMs: 8000 } });
});
afterEach(() => rig.close());

/** The first frame of each source of a channel, from here on. */
function firstFramesOf(channel: Channel): Frame[] {
  const firsts: Frame[] = [];
  const seen = new WeakSet<object>();
  channel.on("frame", (frame) => {
    if (channel.source === null || seen.has(channel.source)) return;
    seen.add(channel.source);
    firsts.push(frame);
  });
  return firsts;
}

/** The camera that drew it. */
async function drawnBy({ jpeg }: Frame): Promise<number | null> {
  const reading = await stripOfJpeg(jpeg);
  return reading.valid ? reading.camera : null;
}

async function expectOwn(frames: readonly Frame[]): Promise<void> {
  expect(frames.length).toBeGreaterThan(0);
  for (const frame of frames) expect(await drawnBy(frame)).toBe(frame.camera);
}

const kill = (channel: Channel): void => {
  if (channel.source?.pid !== undefined) signalGroup(channel.source.pid, "SIGKILL");
};

describe("rpicam's numbers move", () => {
  test("I2: a camera that took another one's number is never shown as that one, and is found by its own", async () => {
    await rig.switchTo(1);
    const firsts = firstFramesOf(rig.channel);
    await rig.setFault(0, { kind: "gone" });
    // Number 0 is camera 1 now, and free as soon as camera 1 is stopped.
    const receipt = await rig.switchTo(0);
    expect(receipt, JSON.stringify(receipt)).toMatchObject({
      ...{ outcome: "rolledBack", from: 1, live: 1 },
      reason: { code: "cameraGone" },
    });
    await rig.picture(1);
    await rig.setFault(0, null);
    expect(await rig.switchTo(0)).toMatchObject({ outcome: "committed", live: 0 });
    expect(await rig.switchTo(1)).toMatchObject({ outcome: "committed", live: 1 });
    await rig.picture(1);
    await expectOwn(firsts);
    expect(rig.watch.report().most).toBeLessThanOrEqual(1);
  });

  test("I8: in dual mode, where nothing can be listed, each comes back under the number it has then", async () => {
    await rig.switchTo(0);
    await rig.changeMode("dual");
    const [left, right] = [rig.dualCamera(0), rig.dualCamera(1)];
    await until("both cameras", 20_000, () => left.isLive && right.isLive);
    const firsts = [left, right].flatMap(({ channel }) => [firstFramesOf(channel)]);
    const reasons: string[] = [];
    left.switcher.on("changed", () => {
      if (left.switcher.state.kind === "recovering") reasons.push(left.switcher.state.reason.code);
    });
    await rig.setFault(0, { kind: "gone" });
    kill(left.channel);
    await until("that camera 0 is known to be away", 20_000, () => reasons.includes("cameraGone"));
    expect(right.isLive).toBe(true);
    // Under number 0 now, while camera 0 is tried by the same number.
    const { source } = right.channel;
    kill(right.channel);
    await until("camera 1 again", 30_000, () => right.isLive && right.channel.source !== source);
    await rig.setFault(0, null);
    await until("camera 0 again", 60_000, () => left.isLive);
    const again = right.channel.source;
    kill(right.channel);
    await until("camera 1 under its first number", 30_000, () => right.isLive && right.channel.source !== again);
    for (const frames of firsts) await expectOwn(frames);
  });
});
