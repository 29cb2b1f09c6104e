/** A3 a thousand switches keep nothing: here some, with what they keep counted exactly. */
import { memoryUsage } from "node:process";
import { queryObjects, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { SwitchRig } from "../../support/switch-rig.js";
import { until } from "../../support/until.js";

const switches = 20;
const size = { width: 640, height: 480 } as const;
/** A frame of this size has 31 KB: one that is kept from each switch would show. */
const frameBytes = 31_000;

function bytesHeld(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return memoryUsage().arrayBuffers;
}

it("keeps no frame of a switch that is over", async () => {
  const rig = await SwitchRig.open({ size, times: { firstFrameMs: 4000 } });
  try {
    const goOver = async (camera: number): Promise<void> => {
      expect(await rig.switchTo(camera)).toMatchObject({ outcome: "committed" });
      await rig.picture(camera);
      // As happens by itself sooner or later: it was what a timer of Node had held that was kept for ever.
      bytesHeld();
    };
    for (const camera of [0, 1, 0]) await goOver(camera);
    const before = bytesHeld();
    for (let count = 1; count <= switches; count += 1) await goOver(count % 2);
    expect(bytesHeld() - before).toBeLessThan((switches * frameBytes) / 2);
  } finally {
    await rig.close();
  }
});

it("keeps nothing of a switch of dual mode that is over, while the cameras run on", async () => {
  const rig = await SwitchRig.open({ size, times: { firstFrameMs: 8000, deadlineMs: 20_000, verifyMs: 8000 } });
  try {
    await rig.changeMode("dual");
    await until("both cameras", 20_000, () => rig.dualCamera(0).isLive && rig.dualCamera(1).isLive);
    // Each switch has some of its own; what waits for something that does not happen holds them.
    const limits = (): number => queryObjects(AbortController, { format: "count" });
    const goOver = async (camera: number): Promise<void> => {
      expect(await rig.switchTo(camera)).toMatchObject({ outcome: "committed" });
    };
    for (const camera of [1, 0]) await goOver(camera);
    const before = limits();
    for (const camera of [1, 0, 1, 0, 1, 0]) await goOver(camera);
    expect(limits() - before).toBeLessThan(3);
  } finally {
    await rig.close();
  }
});
