import { afterEach, describe, expect, it } from "vitest";
import type {
  Availability,
  Counts,
  Gap,
  GapPage,
  Incident,
  IncidentPage,
} from "../../../server/http/wire-protection.js";
import type { Receipt } from "../../../server/http/wire.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

let product: Product | undefined;

afterEach(async () => {
  await product?.close();
  product = undefined;
});

/** Cameras so slow that a switch is longer than the second which is still live. */
const slow = { cameras: { simulated: { startMs: 1400, stopMs: 50 } } } as const;
const quick = { cameras: quickCameras };

const gapsOf = async (it: Product): Promise<Gap[]> => (await it.api<GapPage>("/api/gaps")).body.gaps;
const incidentsOf = async (it: Product): Promise<Incident[]> =>
  (await it.api<IncidentPage>("/api/incidents")).body.incidents;
const availabilityOf = async (it: Product): Promise<Availability> =>
  (await it.api<Availability>("/api/availability")).body;

/** The newest gap of this code that has ended. */
function ended(it: Product, code: string): Promise<Gap> {
  return until(`the end of a gap “${code}”`, 15_000, async () => {
    return (await gapsOf(it)).find((gap) => gap.code === code && gap.to !== null);
  });
}

/** Gaps do not overlap, and the sums are those of the gaps. */
async function expectSums(it: Product): Promise<void> {
  const gaps = await gapsOf(it);
  for (const [index, gap] of gaps.entries()) {
    const next = gaps[index + 1];
    expect(gap.to ?? Infinity).toBeGreaterThanOrEqual(gap.from);
    if (next !== undefined) expect(gap.from).toBeGreaterThanOrEqual(next.to ?? Infinity);
  }
  const total = (planned: boolean) => gaps.reduce((sum, gap) => sum + (gap.planned === planned ? gap.ms : 0), 0);
  const { hour, month } = await availabilityOf(it);
  expect(Math.abs(hour.missingMs - total(false))).toBeLessThanOrEqual(5);
  expect(Math.abs(hour.plannedMs - total(true))).toBeLessThanOrEqual(5);
  expect(hour.gaps).toBe(gaps.filter(({ planned }) => !planned).length);
  const percent = 100 * (1 - hour.missingMs / (hour.observedMs - hour.plannedMs));
  expect(hour.percent).toBeCloseTo(percent, 2);
  expect(Math.abs(month.observedMs - hour.observedMs)).toBeLessThan(1000);
}

describe("the gap ledger of the real product (D4)", () => {
  it("a switch of more than a second is a planned gap, a killed camera an unplanned one, off is none", async () => {
    const it = (product = await Product.start({ settings: slow }));
    const { body: receipt } = await it.api<Receipt>("/api/switch", { camera: 1 });
    expect(receipt.outcome).toBe("committed");
    const planned = await ended(it, "switch");
    expect(planned).toMatchObject({ channel: "main", camera: 1, planned: true });
    expect(planned.ms).toBeGreaterThan(1000);
    expect(planned.ms).toBeLessThan((receipt.totalMs ?? 0) + 100);

    await it.setFault(1, { kind: "die", signal: "SIGKILL" });
    await until("the loss", 5000, async () => (await it.status()).switch.kind === "recovering");
    await it.setFault(1, null);
    const lost = await ended(it, "cameraExited");
    expect(lost).toMatchObject({ camera: 1, planned: false });
    expect(lost.message).toContain("SIGKILL");
    const incident = await until("the end of the incident", 5000, async () => {
      return (await incidentsOf(it)).find(({ code, endedAt }) => code === "cameraExited" && endedAt !== null);
    });
    expect(incident).toMatchObject({ kind: "camera", camera: 1, severity: "error" });
    await expectSums(it);

    const before = await gapsOf(it);
    const { observedMs } = (await availabilityOf(it)).hour;
    await it.api("/api/mode", { mode: "off" }, "PUT");
    const offAt = (await availabilityOf(it)).hour.observedMs;
    expect(offAt - observedMs).toBeLessThan(1000);
    await until("two seconds off", 4000, async () => (await it.status()).now > incident.at + 4000);
    expect((await availabilityOf(it)).hour.observedMs).toBe(offAt);
    expect(await gapsOf(it)).toEqual(before);
  });

  it("kill -9 of the controller is one gap over the whole outage; a stop in order is planned", async () => {
    const it = (product = await Product.start({ settings: quick }));
    await until("a sign of life", 5000, async () => (await availabilityOf(it)).hour.observedMs > 3000);
    const killedAt = Date.now();
    await it.kill9();
    await until("an outage of two seconds", 4000, () => Date.now() - killedAt > 2000);
    await it.launch();
    const liveAt = Date.now();
    const crash = await ended(it, "serviceCrashed");
    expect(crash.planned).toBe(false);
    // The last sign of life is a second old at the most; the first frame came before the playlist was served.
    expect(crash.from).toBeGreaterThan(killedAt - 1500);
    expect(crash.from).toBeLessThanOrEqual(killedAt);
    expect(crash.to).toBeLessThanOrEqual(liveAt);
    expect(crash.ms).toBeGreaterThan(2000);
    expect(Math.abs(crash.ms - ((crash.to ?? 0) - crash.from))).toBeLessThan(50);
    expect((await gapsOf(it)).filter(({ code, planned }) => code.startsWith("service") && !planned)).toHaveLength(1);
    const told = (await incidentsOf(it)).filter(({ code }) => code === "serviceCrashed");
    expect(told).toMatchObject([{ kind: "controller", severity: "error" }]);
    await expectSums(it);

    await it.stop();
    await it.launch();
    expect(await ended(it, "serviceStopped")).toMatchObject({ planned: true });
    expect((await gapsOf(it)).filter(({ code, planned }) => code.startsWith("service") && !planned)).toHaveLength(1);
    await expectSums(it);
  });

  it("/metrics agrees with the API, and the counts with both (B4)", async () => {
    const it = (product = await Product.start({ settings: quick }));
    await it.api("/api/switch", { camera: 1 });
    const response = await fetch(`${it.url}/metrics`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const isLive = 'smart_toggle_camera_live{camera="1"}';
    const metrics = await until("a fresh frame in the metrics", 10_000, async () => {
      const found = parse(await (await fetch(`${it.url}/metrics`)).text());
      return found.get(isLive) === 1 ? found : undefined;
    });
    const status = await it.status();
    expect(metrics.get('smart_toggle_switches_total{outcome="committed",trigger="user"}')).toBe(1);
    expect(metrics.get('smart_toggle_camera_frames_total{camera="1"}')).toBeGreaterThan(0);
    expect(metrics.get('smart_toggle_parts_published_total{channel="main"}')).toBeGreaterThan(0);
    expect(metrics.get('smart_toggle_guard_level{level="normal"}')).toBe(1);
    const lastFrame = metrics.get('smart_toggle_channel_last_frame_timestamp_seconds{channel="main"}') ?? 0;
    expect(Math.abs(status.now / 1000 - lastFrame)).toBeLessThan(2);
    const { percent } = status.availability.hour;
    expect(metrics.get('smart_toggle_availability_ratio{channel="main",window="hour"}')).toBeCloseTo(
      (percent ?? 0) / 100,
      3,
    );
    const { hours } = (await it.api<Counts>("/api/counts?hours=2")).body;
    expect(hours.reduce((sum, { switchesCommitted }) => sum + switchesCommitted, 0)).toBe(2); // With the start.
    // It grew to 33 MB (lib/small-heap.ts).
    expect(metrics.get('nodejs_heap_space_size_total_bytes{space="new"}')).toBeLessThan(8_000_000);
  });
});

/** The text format: one sample a line. Throws for a line that is none. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const match = /^([a-z_:][\w:]*(?:\{[^}]*\})?) (\S+)$/i.exec(line);
    if (match === null) throw new Error(`Not a sample: ${line}`);
    samples.set(match[1] ?? "", Number(match[2]));
  }
  return samples;
}
