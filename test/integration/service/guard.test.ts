import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SettingsInput } from "../../../server/config/schema.js";
import type { GapPage, IncidentPage } from "../../../server/http/wire-protection.js";
import type { ModeView, Problem, ProfileChange, Receipt, Status } from "../../../server/http/wire.js";
import { MjpegViewer } from "../../support/mjpeg-viewer.js";
import { Product } from "../../support/product.js";
import { request } from "../../support/request.js";
import { SimulatedPi } from "../../support/simulated-pi.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

/** The thresholds of the defaults, and short times. */
const times = { stopSeconds: 1, stepSeconds: 3, backSeconds: 2 } as const;
let pi: SimulatedPi;
let product: Product | undefined;

beforeEach(() => {
  pi = new SimulatedPi();
  pi.temperature(60);
});

afterEach(async () => {
  await product?.close();
  product = undefined;
  pi.close();
});

function settings(guard: SettingsInput["guard"] = {}): SettingsInput {
  return { cameras: { simulated: { startMs: 100, stopMs: 50 } }, guard: { ...pi.guard, ...times, ...guard } };
}

async function start(guard: SettingsInput["guard"] = {}): Promise<Product> {
  product = await Product.start({ settings: settings(guard) });
  return product;
}

function seen(it: Product, what: string, test: (status: Status) => boolean, withinMs = 20_000): Promise<Status> {
  return until(what, withinMs, async () => {
    const status = await it.status();
    return test(status) ? status : null;
  });
}

const rung = (it: Product, wanted: Status["guard"]["rung"], withinMs?: number): Promise<Status> =>
  seen(it, `the rung ${wanted}`, ({ guard }) => guard.rung === wanted, withinMs);

/** A fresh picture of this size and rate is shown. */
const picture = (it: Product, width: number, height: number, fps: number): Promise<Status> =>
  seen(it, `a picture of ${width}x${height} at ${fps} frames/s`, ({ channels: [main], switch: view }) => {
    if (view.kind !== "idle" || main?.standIn !== "none" || (main.frameAgeMs ?? Infinity) > 500) return false;
    const hasRate = main.fps !== null && Math.abs(main.fps - fps) <= fps * 0.2;
    return main.width === width && main.height === height && hasRate;
  });

/** What the guard did, from the log: `from → to`. */
function changes(it: Product): string[] {
  return [...it.logTail(100_000).matchAll(/"guard: (\w+ → \w+): /g)].map(([, change]) => change ?? "");
}

async function refusal(it: Product, path: string, body?: object): Promise<[number, string, string]> {
  const answer = await it.api<Problem>(path, body);
  return [answer.status, answer.body.code, answer.body.detail];
}

describe("B2 heat", () => {
  it("60 → 90 → 60 °C: reduced, stopped, back, each once and at the right figures; the picture really changes", async () => {
    const it = await start();
    await picture(it, 640, 480, 30);
    pi.temperature(74.9);
    await seen(it, "the temperature", ({ resources }) => resources?.temperatureC === 74.9);
    pi.temperature(76);
    const reduced = await rung(it, "slower");
    expect(reduced.guard).toMatchObject({
      level: "reduced",
      reason: { figure: "temperature", value: 76, threshold: 75 },
    });
    await picture(it, 640, 480, 15);
    await rung(it, "smaller");
    await picture(it, 320, 240, 15);

    pi.temperature(90);
    const { guard } = await rung(it, "stopped");
    expect(guard.reason).toMatchObject({ figure: "temperature", value: 90, threshold: 80 });
    const why = "The temperature is 90 °C (limit 80 °C): the picture is stopped.";
    await seen(it, "the end of the picture", (status) => status.switch.kind === "off");
    expect(await refusal(it, "/hls/main/live.m3u8")).toEqual([503, "guardStopped", why]);
    expect(await refusal(it, "/readyz")).toEqual([503, "notLive", why]);
    expect(await refusal(it, "/api/switch", { camera: 1 })).toEqual([503, "guardStopped", why]);

    pi.temperature(72);
    await seen(it, "the temperature", ({ resources }) => resources?.temperatureC === 72);
    expect((await it.status()).guard).toMatchObject({ rung: "stopped", backInMs: null });
    pi.temperature(60);
    await rung(it, "smaller");
    await picture(it, 320, 240, 15);
    await rung(it, "normal");
    await picture(it, 640, 480, 30);
    expect(changes(it)).toEqual([
      "normal → slower",
      "slower → smaller",
      "smaller → stopped",
      "stopped → smaller",
      "smaller → slower",
      "slower → normal",
    ]);
    const { receipts } = (await it.api<{ receipts: Receipt[] }>("/api/switches?limit=50")).body;
    expect(receipts.every(({ outcome }) => outcome === "committed")).toBe(true);
  });

  it("while reduced, every start goes by it: a switch, a profile that is tried, a camera that is killed", async () => {
    const it = await start({ stepSeconds: 1 });
    pi.temperature(77);
    await rung(it, "smaller");
    await picture(it, 320, 240, 15);
    expect((await it.api<Receipt>("/api/switch", { camera: 1 })).body).toMatchObject({ outcome: "committed" });
    await picture(it, 320, 240, 15);
    const wide = { width: 1280, height: 720 };
    const { body } = await it.api<ProfileChange>("/api/cameras/1", wide, "PATCH");
    expect(body).toMatchObject({ camera: { profile: wide }, receipt: { outcome: "committed" } });
    const before = await picture(it, 320, 180, 15);
    const [source] = it.watchSources().sample();
    process.kill(source?.pid ?? 0, "SIGKILL");
    await seen(it, "a new source", ({ channels: [main] }) => (main?.frames ?? 0) < (before.channels[0]?.frames ?? 0));
    await picture(it, 320, 180, 15);
    pi.temperature(60);
    await rung(it, "normal");
    await picture(it, 1280, 720, 30);
  });

  it.runIf(isWhole)(
    "D5 ends instant viewing before it stops the picture, refuses it with the reason, and lets it come back",
    async () => {
      const it = await start({ stepSeconds: 1 });
      const port = Number(new URL(it.url).port);
      const viewer = await MjpegViewer.open({ port });
      pi.temperature(77);
      await rung(it, "mjpegOff");
      await until("the end of the stream", 3000, () => viewer.end === "clean");
      const refused = await request(port, "/stream");
      expect(refused.json()).toMatchObject({ status: 503, code: "mjpegOff" });
      expect(refused.json()["detail"]).toMatch(/temperature is 77 °C .*: instant viewing is ended/);
      expect((await request(port, "/stream", { method: "HEAD" })).headers["x-problem"]).toBe("mjpegOff");
      // The efficient view and snapshots go on.
      await picture(it, 320, 240, 15);
      expect((await request(port, "/api/snapshot/0")).status).toBe(200);
      pi.temperature(60);
      await rung(it, "smaller");
      const again = await MjpegViewer.open({ port });
      await until("frames", 5000, () => again.frames.length > 3);
      again.close();
    },
  );

  it("A10 leaves dual mode before it makes the picture a lesser one, says why, and comes back to it", async () => {
    const it = await start({ stepSeconds: 120 });
    await it.api<ModeView>("/api/mode", { mode: "dual" }, "PUT");
    const both = () => seen(it, "both cameras", ({ channels }) => channels.length === 3, 30_000);
    await both();
    pi.temperature(76);
    const { guard } = await rung(it, "single");
    const why = "The temperature is 76 °C (limit 75 °C): only one camera is shown.";
    expect(guard).toMatchObject({ level: "reduced", reason: { message: why, value: 76, threshold: 75 } });
    const left = await seen(it, "one camera", ({ modeInForce }) => modeInForce.mode === "toggle", 30_000);
    expect([left.mode, left.modeInForce.reason]).toEqual(["dual", { code: "guardForbids", message: why }]);
    await picture(it, 640, 480, 30);
    expect(it.watchSources().sample()).toHaveLength(1);
    await until("the gap of camera 1", 10_000, async () => {
      const { gaps } = (await it.api<GapPage>("/api/gaps?channel=cam1")).body;
      return gaps[0]?.code === "guardSingle" && !gaps[0].planned && gaps[0].to === null;
    });
    pi.temperature(60);
    await rung(it, "normal");
    await both();
    expect(changes(it)).toEqual(["normal → single", "single → normal"]);
    const { incidents } = (await it.api<IncidentPage>("/api/incidents")).body;
    expect(incidents.find(({ code }) => code === "guardSingle")?.endedAt).not.toBeNull();
  });

  it("A4 asks a camera that refuses the small picture for it once, and makes it slower alone", async () => {
    const it = await start({ stepSeconds: 1 });
    await picture(it, 640, 480, 30);
    await it.setFault(0, { kind: "wrongSize", width: 640, height: 480 });
    pi.temperature(77);
    await rung(it, "smaller");
    const refusals = async (): Promise<Receipt[]> => {
      const { receipts } = (await it.api<{ receipts: Receipt[] }>("/api/switches?limit=50")).body;
      return receipts.filter(({ reason }) => reason?.code === "sizeRefused");
    };
    await until("the refusal", 20_000, async () => (await refusals()).length > 0);
    const before = await picture(it, 640, 480, 15);
    const [source] = it.watchSources().sample();
    if (source === undefined) throw new Error("No camera program runs.");
    process.kill(source.pid, "SIGKILL");
    await seen(it, "a new source", ({ channels: [main] }) => (main?.frames ?? 0) < (before.channels[0]?.frames ?? 0));
    await picture(it, 640, 480, 15);
    const refused = await refusals();
    expect(refused).toMatchObject([{ trigger: "guard", outcome: "rolledBack", live: 0 }]);
  });

  it.runIf(isWhole)("A10 lets the warm camera go before it stops the picture, and takes it back", async () => {
    const given = settings({ stepSeconds: 1 });
    const it = (product = await Product.start({ settings: { ...given, switch: { standby: "warm" } } }));
    const watch = it.watchSources();
    const running = (count: number) => until(`${count} camera programs`, 20_000, () => watch.sample().length === count);
    await running(2);
    pi.temperature(77);
    await rung(it, "warmOff");
    await running(1);
    await picture(it, 320, 240, 15);
    expect((await it.api<Receipt>("/api/switch", { camera: 1 })).body).toMatchObject({ outcome: "committed" });
    expect(watch.sample()).toHaveLength(1);
    pi.temperature(60);
    await rung(it, "normal");
    await running(2);
    await it.api("/api/mode", { mode: "off" }, "PUT");
    expect(watch.sample()).toEqual([]);
  });

  it("a start while it is too hot opens no camera; the picture comes when it is cool", async () => {
    pi.temperature(85);
    const it = (product = await Product.prepare({ settings: settings({ backSeconds: 1 }) }));
    const watch = it.watchSources();
    it.spawn();
    await until("the guard", 15_000, async () => {
      const status = await it.status().catch(() => null);
      return status?.guard.rung === "stopped";
    });
    const [status, code] = await refusal(it, "/hls/main/live.m3u8");
    expect([status, code]).toEqual([503, "guardStopped"]);
    expect(watch.report().most).toBe(0);
    pi.temperature(50);
    await rung(it, "normal");
    await picture(it, 640, 480, 30);
  });

  it.runIf(isWhole)(
    "A1 the cameras stay off that were turned off while it was stopped, and a wish to turn them on is kept",
    async () => {
      const it = await start({ backSeconds: 1 });
      const watch = it.watchSources();
      await it.api("/api/rotation", { enabled: true, seconds: 5 }, "PUT");
      pi.temperature(85);
      await rung(it, "stopped");
      await seen(it, "the end of the picture", (status) => status.switch.kind === "off");
      expect((await it.status()).rotation.nextInMs).toBeNull();
      await it.api("/api/mode", { mode: "off" }, "PUT");
      await until("the other reason", 2000, async () => (await refusal(it, "/hls/main/live.m3u8"))[1] === "notLive");
      pi.temperature(50);
      await rung(it, "normal");
      expect((await it.status()).switch.kind).toBe("off");
      expect(watch.sample()).toEqual([]);

      pi.temperature(85);
      await rung(it, "stopped");
      const { status, body } = await it.api<ModeView>("/api/mode", { mode: "toggle" }, "PUT");
      expect([status, body]).toEqual([200, { mode: "toggle", receipt: null }]);
      await until(
        "the guard's reason",
        2000,
        async () => (await refusal(it, "/hls/main/live.m3u8"))[1] === "guardStopped",
      );
      expect(watch.sample()).toEqual([]);
      pi.temperature(50);
      await rung(it, "normal");
      await picture(it, 640, 480, 30);
      expect(watch.report().violations).toEqual([]);
    },
  );

  it.runIf(isWhole)(
    "ends the attempts to bring back a broken camera, and goes on with them when it is cool",
    async () => {
      const it = await start({ backSeconds: 1 });
      const watch = it.watchSources();
      await it.setFault(0, { kind: "die", afterFrames: 0 });
      await it.setFault(1, { kind: "die", afterFrames: 0 });
      process.kill(watch.sample()[0]?.pid ?? 0, "SIGKILL");
      await seen(it, "recovery", (status) => status.switch.kind === "recovering");
      pi.temperature(85);
      await rung(it, "stopped");
      await seen(it, "the end of recovery", (status) => status.switch.kind === "off");
      await it.setFault(0, null);
      await it.setFault(1, null);
      pi.temperature(50);
      await rung(it, "normal");
      await picture(it, 640, 480, 30);
    },
  );
});
