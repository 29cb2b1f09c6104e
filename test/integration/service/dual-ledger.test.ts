import { afterEach, expect, test } from "vitest";
import type { Availability, Gap, GapPage, Incident, IncidentPage } from "../../../server/http/wire-protection.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

let it: Product;

afterEach(() => it.close());

const dualIsLive = () =>
  until("both cameras are live", 30_000, async () => {
    const { channels, modeInForce } = await it.status();
    return (
      modeInForce.mode === "dual" && channels.length === 3 && channels.every((one) => (one.frameAgeMs ?? 9999) < 1000)
    );
  });

const gapsOf = async (channel: string): Promise<Gap[]> =>
  (await it.api<GapPage>(`/api/gaps?channel=${channel}`)).body.gaps;
const lostIn = async (channel: string): Promise<Gap[]> =>
  (await gapsOf(channel)).filter(({ code }) => code === "cameraExited");

/** The newest gap of this channel and code that has ended. */
const ended = (channel: string, code: string): Promise<Gap> =>
  until(`the end of a gap “${code}” of ${channel}`, 30_000, async () =>
    (await gapsOf(channel)).find((gap) => gap.code === code && gap.to !== null),
  );

test("D4 in dual mode each camera has gaps, availability, metrics and incidents of its own (A10)", async () => {
  it = await Product.start({
    readyMs: 40_000,
    settings: {
      cameras: { ...quickCameras, simulated: { startMs: 1400, stopMs: 50 } },
      switch: { firstFrameMs: 8000, deadlineMs: 20_000 },
    },
  });
  expect((await it.api<Availability>("/api/availability")).body.cameras).toEqual([]);
  await it.api("/api/mode", { mode: "dual" }, "PUT");
  await dualIsLive();
  await it.setFault(1, { kind: "die", signal: "SIGKILL" });
  await until("the loss of camera 1", 20_000, async () => {
    const own = (await it.status()).channels.find(({ name }) => name === "cam1");
    return own !== undefined && own.recovering !== null;
  });
  await it.setFault(1, null);
  const lost = await ended("cam1", "cameraExited");
  expect(lost).toMatchObject({ channel: "cam1", camera: 1, planned: false });
  expect(lost.message).toContain("SIGKILL");
  await dualIsLive();

  expect([await lostIn("main"), await lostIn("cam0")]).toEqual([[], []]);
  expect((await it.api<GapPage>("/api/gaps")).body.gaps).toContainEqual(lost);
  const { cameras } = (await it.api<Availability>("/api/availability")).body;
  expect(cameras.map(({ camera, channel }) => [camera, channel])).toEqual([
    [0, "cam0"],
    [1, "cam1"],
  ]);
  expect(cameras[1]?.hour.gaps).toBeGreaterThanOrEqual(1);
  expect(cameras[1]?.hour.missingMs).toBeGreaterThanOrEqual(lost.ms);
  const bothLive = /^smart_toggle_camera_live\{camera="0"\} 1\nsmart_toggle_camera_live\{camera="1"\} 1$/m;
  const metrics = await until("both cameras in the metrics", 10_000, async () => {
    const text = await (await fetch(`${it.url}/metrics`)).text();
    return bothLive.test(text) ? text : undefined;
  });
  expect(metrics).toMatch(/^smart_toggle_availability_ratio\{channel="cam1",window="hour"\} 0\.\d+$/m);
  expect(metrics).toMatch(/^smart_toggle_gaps_total\{channel="cam1",reason="cameraExited"\} 1$/m);

  const encoder = it.processes().find(({ name }) => name === "ffmpeg");
  process.kill(encoder?.pid ?? 0, "SIGKILL");
  const incident = await until("the encoder's incident", 10_000, async (): Promise<Incident | undefined> => {
    const { incidents } = (await it.api<IncidentPage>("/api/incidents")).body;
    return incidents.find(({ code }) => code === "encoderFailed");
  });
  expect(incident).toMatchObject({ kind: "encoder", camera: expect.any(Number) as number });

  // Over a kill of the service each channel has its outage; it is told once.
  await it.kill9();
  await it.launch();
  await dualIsLive();
  for (const channel of ["main", "cam0", "cam1"]) {
    expect(await ended(channel, "serviceCrashed")).toMatchObject({ planned: false });
  }
  const { incidents } = (await it.api<IncidentPage>("/api/incidents")).body;
  const crashes = incidents.filter(({ code }) => code === "serviceCrashed");
  expect(crashes).toHaveLength(1);
  expect(crashes[0]?.message).not.toContain("times");

  await it.api("/api/mode", { mode: "toggle" }, "PUT");
  let former = -1;
  await until("that nothing more is observed of a camera's own channel", 10_000, async () => {
    const { observedMs = 0 } = (await it.api<Availability>("/api/availability")).body.cameras[1]?.hour ?? {};
    const isStill = observedMs === former;
    former = observedMs;
    return isStill;
  });
});
