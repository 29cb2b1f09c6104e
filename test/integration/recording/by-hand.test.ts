/** Recordings that a person starts, and plans, on the running product. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Status } from "../../../server/http/wire.js";
import type { RecordingStatus } from "../../../server/http/wire-recording.js";
import { Product } from "../../support/product.js";
import { recorderOf } from "../../support/recordings.js";
import { until } from "../../support/until.js";

let product: Product;
beforeAll(async () => {
  product = await Product.start();
});
afterAll(() => product.close());

describe("recording by hand (E3)", () => {
  it("needs no process before it begins, and that is no problem", async () => {
    const { problem } = (await product.api<RecordingStatus>("/api/recording/status")).body;
    expect([recorderOf(product), problem]).toEqual([undefined, null]);
  });

  it("is told by the status while it runs, and not after it", async () => {
    const { recording } = (await product.api<Status>("/api/status")).body;
    expect(recording.cameras[0]).toMatchObject({ mode: "manual", wanted: false, recording: false, since: null });
    await product.api("/api/recording/start", { cameras: [0], limitSeconds: 5 });
    const running = await until("recording", 10_000, async () => {
      const [camera] = (await product.api<RecordingStatus>("/api/recording/status")).body.cameras;
      return camera?.recording === true ? camera : null;
    });
    expect(running).toMatchObject({ wanted: true, why: "startedByHand", problem: null });
    expect(running.elapsedMs).toBeLessThan(6000);
    await until("the limit", 10_000, async () => {
      const [camera] = (await product.api<RecordingStatus>("/api/recording/status")).body.cameras;
      return camera?.wanted === false;
    });
  });

  it("ends by the limit of the settings where a start names none", async () => {
    const change = { recording: { handLimitSeconds: 2 } };
    expect((await product.api("/api/settings", change, "PUT")).status).toBe(200);
    const { body } = await product.api<RecordingStatus>("/api/recording/start", { cameras: [0] });
    expect((body.cameras[0]?.until ?? 0) - Date.now()).toBeLessThanOrEqual(2000);
    await until("the limit", 10_000, async () => {
      const [camera] = (await product.api<RecordingStatus>("/api/recording/status")).body.cameras;
      return camera?.wanted === false;
    });
    await product.api("/api/settings", { recording: { handLimitSeconds: null } }, "PUT");
  });

  it("of the camera that is not live says why it does not run", async () => {
    const { body } = await product.api<RecordingStatus>("/api/recording/start", { cameras: [1] });
    expect(body.cameras[1]).toMatchObject({ wanted: true, recording: false, problem: { code: "otherCameraLive" } });
    await product.api("/api/recording/stop", { cameras: [1] });
  });

  it.each([
    ["what is no camera", "start", { cameras: [9] }],
    ["what is no camera, to stop", "stop", { cameras: [9] }],
  ])("refuses %s", async (_what, action, body) => {
    expect((await product.api(`/api/recording/${action}`, body)).status).toBe(404);
  });
});

describe("a plan (E3)", () => {
  it("survives a restart, and what was started by hand goes on", async () => {
    const plan = { mode: "schedule", schedule: [{ days: [1, 2], from: "08:00", to: "18:00" }] };
    expect((await product.api("/api/recording/plan", { cameras: { 1: plan } }, "PUT")).status).toBe(200);
    await product.api("/api/recording/start", { cameras: [0], limitSeconds: 3600 });
    await product.stop();
    await product.launch();
    const { body } = await product.api<{ cameras: Record<string, unknown> }>("/api/recording/plan");
    expect(body.cameras["1"]).toEqual(plan);
    const { cameras } = (await product.api<RecordingStatus>("/api/recording/status")).body;
    expect(cameras[0]).toMatchObject({ wanted: true, why: "startedByHand" });
    expect((cameras[0]?.until ?? 0) - Date.now()).toBeLessThan(3_600_000);
  });
});
