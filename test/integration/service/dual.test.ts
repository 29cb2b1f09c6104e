import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ModeView, Problem, Status } from "../../../server/http/wire.js";
import { expectTrueChannel } from "../../support/public-channel.js";
import { Product } from "../../support/product.js";
import { patientProduct } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

let it: Product;

afterEach(() => it.close());

const changeMode = (mode: string) => it.api<ModeView & Problem>("/api/mode", { mode }, "PUT");

const dualIsLive = () =>
  until("both cameras are live", 30_000, async () => {
    const { channels, modeInForce } = await it.status();
    return (
      modeInForce.mode === "dual" &&
      channels.length === 3 &&
      channels.every((one) => (one.frameAgeMs ?? 9999) < 1000 && one.unavailable === null)
    );
  });

const publicDirectory = (name: string) => `${it.live}/hls/${name}`;

describe("dual mode (A10)", () => {
  test("both cameras are shown, streamed and still there after a kill -9; toggle mode has one source again", async () => {
    it = await Product.start(patientProduct);
    const before = await it.status();
    expect(before.channels.map(({ name }) => name)).toEqual(["main"]);
    expect((await it.api<Problem>("/hls/cam0/live.m3u8")).body.code).toBe("notLive");
    const { status, body } = await changeMode("dual");
    expect([status, body.mode, body.receipt?.outcome, body.receipt?.trigger]).toEqual([
      200,
      "dual",
      "committed",
      "mode",
    ]);
    await dualIsLive();
    const both = await it.status();
    expect(both.modeInForce).toEqual({ mode: "dual", reason: null });
    expect(both.channels.map(({ name, camera }) => [name, camera])).toEqual([
      ["main", 0],
      ["cam0", 0],
      ["cam1", 1],
    ]);
    for (const camera of [0, 1]) {
      const stream = await fetch(`${it.url}/stream?camera=${camera}`, { method: "HEAD" });
      expect(stream.status).toBe(200);
      const snapshot = await fetch(`${it.url}/api/snapshot/${camera}`);
      expect([snapshot.status, snapshot.headers.get("x-source")]).toEqual([200, "live"]);
      await snapshot.arrayBuffer();
    }
    for (const name of ["main", "cam0", "cam1"]) expectTrueChannel(publicDirectory(name), true);
    await it.kill9();
    await it.launch();
    await dualIsLive();
    const back = await changeMode("toggle");
    expect(back.body.receipt).toMatchObject({ outcome: "committed", live: 0 });
    const watch = it.watchSources();
    await it.api("/api/switch", { camera: 1 });
    expect(watch.stop().most).toBeLessThanOrEqual(1);
    expectTrueChannel(publicDirectory("main"), true);
  });

  test("with one camera it is refused, and nothing happens", async () => {
    it = await Product.prepare(patientProduct);
    mkdirSync(join(it.simulation, "faults"), { recursive: true });
    await it.setFault(1, { kind: "gone" });
    await it.launch();
    const { status, body } = await changeMode("dual");
    expect([status, body.code]).toEqual([409, "tooFewCameras"]);
    expect((await it.api<{ receipts: unknown[] }>("/api/switches")).body.receipts).toHaveLength(1);
    const after: Status = await it.status();
    expect([after.mode, after.modeInForce.mode]).toEqual(["toggle", "toggle"]);
  });

  test("where the other camera does not come, toggle mode stays, untouched, and the receipt says why", async () => {
    it = await Product.start(patientProduct);
    const { generation } = (await it.status()).channels[0] ?? {};
    await it.setFault(1, { kind: "neverStarts" });
    const { status, body } = await changeMode("dual");
    expect([status, body.code]).toEqual([502, "switchFailed"]);
    const after = await it.status();
    expect([after.mode, after.modeInForce.mode, after.channels.length]).toEqual(["toggle", "toggle", 1]);
    expect(after.channels[0]).toMatchObject({ generation, camera: 0, standIn: "none" });
  });
});
