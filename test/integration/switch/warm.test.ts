import { afterEach, describe, expect, it } from "vitest";
import type { Receipt } from "../../../server/switch/switch-types.js";
import { SwitchRig } from "../../support/switch-rig.js";
import { until } from "../../support/until.js";

let rig: SwitchRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

/** Camera 0 is live, camera 1 is kept warm. */
async function warmRig(): Promise<SwitchRig> {
  // A busy machine may take its time: what is tested here is the order of things.
  const patient = { firstFrameMs: 8000, deadlineMs: 20_000, verifyMs: 8000 };
  rig = await SwitchRig.open({ times: { standby: "warm", ...patient } });
  await rig.switchTo(0);
  await warm(rig);
  return rig;
}

const warm = (it: SwitchRig): Promise<unknown> =>
  until("a second camera that is warm", 20_000, () => it.isWarm(1 - it.live));
const pids = (it: SwitchRig): number[] =>
  it.watch
    .sample()
    .map(({ pid }) => pid)
    .sort((one, other) => one - other);
const noteOf = (receipt: Receipt | null, step: string): string | undefined =>
  receipt?.steps.findLast((record) => record.step === step)?.note;

describe("A10 warm standby", () => {
  it("switches by pausing one program and resuming the other, there and back, and only one gives frames", async () => {
    const it = await warmRig();
    const before = pids(it);
    expect(before).toHaveLength(2);
    for (const camera of [1, 0, 1]) {
      await warm(it);
      const receipt = await it.switchTo(camera);
      expect(receipt).toMatchObject({ outcome: "committed", live: camera });
      expect([noteOf(receipt, "stop"), noteOf(receipt, "drain"), noteOf(receipt, "start")]).toEqual([
        "paused, and its frames stay away",
        "paused: nothing is released",
        "resumed",
      ]);
      console.log(`warm switch: ${receipt?.totalMs ?? 0} ms`);
      await it.picture(camera);
    }
    expect(pids(it)).toEqual(before);
    expect(it.watch.report().most).toBe(2);
  });

  it("is cold for the switch when the paused program died, which is noticed, and warm again after it", async () => {
    const it = await warmRig();
    const paused = it.watch.sample().find(({ commandLine }) => commandLine.includes("--initial pause"));
    if (paused === undefined) throw new Error("No program is paused.");
    process.kill(paused.pid, "SIGKILL");
    await until("its end is known", 5000, () => !it.isWarm(1));
    const receipt = await it.switchTo(1);
    expect(receipt).toMatchObject({ outcome: "committed", live: 1 });
    expect(noteOf(receipt, "start")).toBeUndefined();
    await it.picture(1);
    await warm(it);
    expect(noteOf(await it.switchTo(0), "start")).toBe("resumed");
  });

  it("A4 goes back to the paused camera when the other one hangs, and leaves nothing of it", async () => {
    const it = await warmRig();
    await it.setFault(1, { kind: "hang" });
    const receipt = await it.switchTo(1);
    expect(receipt).toMatchObject({ outcome: "rolledBack", live: 0 });
    await it.picture(0);
    await it.setFault(1, null);
    await warm(it);
    expect(noteOf(await it.switchTo(1), "start")).toBe("resumed");
  });

  it("lets a camera go that somebody else wants, and its mode end: both cameras live, one camera, none", async () => {
    const it = await warmRig();
    expect(await it.changeMode("dual")).toMatchObject({ outcome: "committed" });
    expect(it.isWarm(1)).toBe(false);
    expect(await it.changeMode("toggle")).toMatchObject({ outcome: "committed" });
    await it.picture(0);
    await it.turnOff();
    expect(pids(it)).toEqual([]);
    expect(it.watch.report().most).toBe(2);
  });
});
