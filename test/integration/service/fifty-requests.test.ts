/** A3 I1 I6 fifty requests at once, of modes, switches and sizes: the newest of each kind is what holds in the end. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CameraView, Problem, ReceiptPage, Status } from "../../../server/http/wire.js";
import { pipelined, type PipelinedAnswer, type PipelinedRequest } from "../../support/pipelined.js";
import { Product } from "../../support/product.js";
import { patientProduct } from "../../support/quick-cameras.js";
import { randomNumbers } from "../../support/random.js";
import type { SourceWatch } from "../../support/source-watch.js";
import { until } from "../../support/until.js";

const count = 50;
const heights = [240, 480] as const;

const toMode = (mode: string): PipelinedRequest => ({ method: "PUT", path: "/api/mode", body: { mode } });
const toCamera = (camera: number): PipelinedRequest => ({ method: "POST", path: "/api/switch", body: { camera } });
const toHeight = (camera: number, height: number): PipelinedRequest => ({
  method: "PATCH",
  path: `/api/cameras/${camera}`,
  body: { width: (height * 4) / 3, height },
});

/** Any requests, and these behind them: fifty in all. */
function mixed(seed: number, modes: readonly string[], last: readonly PipelinedRequest[]): PipelinedRequest[] {
  const random = randomNumbers(seed);
  const oneOf = <One>(all: readonly One[]): One => all[Math.floor(random() * all.length)] as One;
  const any = (): PipelinedRequest => {
    const kind = random();
    if (kind < 0.5) return toCamera(oneOf([0, 1]));
    return kind < 0.85 ? toMode(oneOf(modes)) : toHeight(oneOf([0, 1]), oneOf(heights));
  };
  return [...Array.from({ length: count - last.length }, any), ...last];
}

let product: Product;
let watch: SourceWatch;

beforeAll(async () => {
  product = await Product.start(patientProduct);
  watch = product.watchSources();
});

afterAll(() => product.close());

/** Each is done, or refused with one of the reasons that such a crowd gives. */
function expectAnswered(answers: readonly PipelinedAnswer[]): void {
  expect(answers).toHaveLength(count);
  const refused = answers.filter(({ status }) => status !== 200);
  for (const { status, body } of refused) {
    expect(["superseded", "modeForbids", "notLive", "switchFailed"], JSON.stringify(body)).toContain(
      (body as Problem).code,
    );
    expect([409, 502, 503]).toContain(status);
  }
  // Those that wait behind a switch are replaced, not done one after the other.
  expect(refused.length).toBeGreaterThan(count / 4);
}

async function settled(what: string, isSo: (status: Status) => boolean): Promise<void> {
  await until(what, 60_000, async () => {
    const status = await product.status();
    const isFresh = status.channels.every(({ frameAgeMs, unavailable }) => !unavailable && (frameAgeMs ?? 9999) < 1000);
    return status.switch.kind === "idle" && isFresh && isSo(status);
  });
  const { receipts } = (await product.api<ReceiptPage>("/api/switches?limit=200")).body;
  expect(receipts.filter(({ outcome }) => outcome === null)).toEqual([]);
}

const shownHeights = async (): Promise<(number | null)[]> =>
  (await product.status()).channels.map(({ camera, height }) => (camera === null ? null : height));
const storedHeights = async (): Promise<number[]> =>
  (await product.api<CameraView[]>("/api/cameras")).body.map(({ profile }) => profile.height);

describe(`${count} requests at once`, { timeout: 180_000 }, () => {
  it("in toggle mode: the last camera and the last sizes hold, and never two sources ran", async () => {
    const last = [toHeight(0, 240), toHeight(1, 240), toHeight(1, 480), toMode("toggle"), toCamera(1)];
    expectAnswered(await pipelined(product.controllerPort, mixed(1, ["toggle", "off"], last)));
    await settled("camera 1", (status) => status.mode === "toggle" && status.channels[0]?.camera === 1);
    expect(await storedHeights()).toEqual([240, 480]);
    expect(await shownHeights()).toEqual([480]);
    expect(watch.report().violations).toEqual([]);
  });

  it("with dual mode among them: the last mode and the last sizes hold, and no camera had two sources", async () => {
    const last = [toHeight(0, 480), toHeight(1, 480), toHeight(0, 240), toCamera(0), toMode("dual")];
    expectAnswered(await pipelined(product.controllerPort, mixed(2, ["toggle", "dual", "off"], last)));
    await settled("both cameras", ({ modeInForce, channels }) => modeInForce.mode === "dual" && channels.length === 3);
    expect(await storedHeights()).toEqual([240, 480]);
    const [, ...own] = await shownHeights();
    expect(own).toEqual([240, 480]);
    const cameras = watch.report().violations.map((line) => [...line.matchAll(/--camera (\d)/g)].map(([, one]) => one));
    expect(cameras.filter((moment) => new Set(moment).size < moment.length)).toEqual([]);
  });
});

describe("two requests at once that change different things of one camera", () => {
  it("both hold", async () => {
    expect(await storedHeights()).toEqual([240, 480]);
    const named: PipelinedRequest = { method: "PATCH", path: "/api/cameras/0", body: { label: "Door" } };
    const answers = await pipelined(product.controllerPort, [toHeight(0, 480), named]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [first] = (await product.api<CameraView[]>("/api/cameras")).body;
    expect(first).toMatchObject({ label: "Door", profile: { height: 480 } });
  });
});
