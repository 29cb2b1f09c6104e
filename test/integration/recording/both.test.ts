import { afterEach, expect, it } from "vitest";
import type { Status } from "../../../server/http/wire.js";
import type { RecordingStatus } from "../../../server/http/wire-recording.js";
import { patientSettings } from "../../support/patient-settings.js";
import { Product } from "../../support/product.js";
import { finishedRows, stripsOf } from "../../support/recordings.js";
import { until } from "../../support/until.js";

let product: Product | undefined;
afterEach(async () => {
  await product?.close();
});

it("E3: both cameras whose time has come by their schedules ask for dual mode, though nobody is there", async () => {
  const schedule = [{ days: [0, 1, 2, 3, 4, 5, 6], from: "00:00", to: "24:00" }];
  const plans = { 0: { mode: "schedule", schedule }, 1: { mode: "schedule", schedule } } as const;
  const settings = { recording: { plans }, ...patientSettings };
  const running = (product = await Product.start({ settings, readyMs: 40_000 }));
  await until("both", 60_000, async () => {
    const { mode, recording } = (await running.api<Status>("/api/status")).body;
    return mode === "dual" && recording.cameras.every((camera) => camera.recording);
  });
});

it("E1: both cameras asked for are recorded together, in dual mode, each on its own channel and none twice", async () => {
  const running = (product = await Product.start({
    settings: { recording: { fileSeconds: 5 }, ...patientSettings },
    readyMs: 40_000,
  }));
  const { status } = await running.api<RecordingStatus>("/api/recording/start", { cameras: [0, 1] });
  expect(status).toBe(200);
  await until("both", 60_000, async () => {
    const { mode, recording } = (await running.api<Status>("/api/status")).body;
    return mode === "dual" && recording.cameras.every((camera) => camera.recording);
  });
  const rows = await until("a whole file of each", 60_000, () => {
    const found = finishedRows(running);
    return [0, 1].every((camera) => found.some((row) => row.camera === camera && row.frames === 150)) ? found : null;
  });
  for (const camera of [0, 1]) {
    const own = rows.filter((row) => row.camera === camera).sort((a, b) => a.started_at - b.started_at);
    const isOwn = ({ channel }: { readonly channel: string }): boolean => channel === `cam${camera}`;
    for (const [index, row] of own.entries()) {
      // Each channel counts its own time: here one is new, the other half a second off the wall clock at the most.
      expect([row.path, row.started_at + 700 >= (own[index - 1]?.ended_at ?? 0)]).toEqual([row.path, true]);
    }
    expect(own.at(-1)?.channel).toBe(`cam${camera}`);
    // Whatever the times say, the camera's own channel goes on with the frame after the last one that `main` had.
    const [before, after] = [own.findLast(({ channel }) => channel === "main"), own.find(isOwn)];
    if (before !== undefined && after !== undefined) {
      const [last, first] = [(await stripsOf(running, before)).at(-1), (await stripsOf(running, after))[0]];
      expect(first?.frame).toBeGreaterThan(last?.frame ?? 0);
    }
    // A channel that was not shown before begins at the time of day that its pictures tell, too.
    const last = own.at(-1);
    if (last === undefined) throw new Error("Nothing was recorded.");
    const drawn = (await stripsOf(running, last)).at(-1)?.drawnMs ?? 0;
    expect([last.path, Math.abs(drawn - last.ended_at) < 1500]).toEqual([last.path, true]);
  }
});
