import { describe, expect, it } from "vitest";
import type { Receipt } from "../../../../server/http/wire.js";
import { keyAction, type KeyFacts } from "../../../../web/src/state/keys.js";
import { listedReceipts, withReceipt } from "../../../../web/src/state/receipt-list.js";
import { retryDelayMs } from "../../../../web/src/state/retry-delay.js";
import { stageAspect } from "../../../../web/src/state/stage-aspect.js";
import { cameraLabel } from "../../../../web/src/state/camera-label.js";
import { camera, dictionaries, receipt } from "../support.js";

describe("keys", () => {
  const press = (key: string, part: Partial<KeyFacts> = {}) =>
    keyAction({ key, modified: false, repeat: false, typing: false, ...part });

  it("C1: 1 and 2 are cameras 0 and 1, R rotation, F full screen, I the way of the picture, S a snapshot, ? the list", () => {
    expect(press("1")).toEqual({ kind: "camera", camera: 0 });
    expect(press("2")).toEqual({ kind: "camera", camera: 1 });
    expect(
      [press("r"), press("R"), press("f"), press("i"), press("S"), press("?")].map((action) => action?.kind),
    ).toEqual(["rotation", "rotation", "fullScreen", "delivery", "snapshot", "help"]);
    expect(press("x")).toBeNull();
  });

  it("leaves keys alone that belong to the browser, to a field, or are held down", () => {
    expect(press("r", { modified: true })).toBeNull();
    expect(press("1", { typing: true })).toBeNull();
    expect(press("1", { repeat: true })).toBeNull();
  });
});

describe("list of receipts", () => {
  it("keeps each switch once, newest first, and not more than it shows", () => {
    const open = withReceipt([receipt({ id: 1 })], receipt({ id: 2, outcome: null }));
    const done = withReceipt(open, receipt({ id: 2 }));
    expect(done.map(({ id, outcome }) => [id, outcome])).toEqual([
      [2, "committed"],
      [1, "committed"],
    ]);
    const many = Array.from({ length: 30 }, (_, id) => receipt({ id })).reduce<readonly Receipt[]>(withReceipt, []);
    expect(many).toHaveLength(listedReceipts);
    expect(many[0]?.id).toBe(29);
  });
});

describe("stage", () => {
  const sized = (width: number, height: number) => ({ profile: { ...camera(0).profile, width, height } });

  it("has the shape of the tallest picture, whichever camera is live", () => {
    expect(stageAspect([sized(1280, 720), sized(640, 480)])).toBeCloseTo(4 / 3);
    expect(stageAspect([sized(1280, 720), sized(1920, 1080)])).toBeCloseTo(16 / 9);
    expect(stageAspect([sized(480, 640)])).toBeCloseTo(4 / 3);
    expect(stageAspect([])).toBeCloseTo(4 / 3);
  });
});

describe("retry delay", () => {
  it("grows to five seconds and never ends", () => {
    expect([0, 1, 2, 3, 4, 1000].map(retryDelayMs)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  });
});

describe.each(dictionaries)("label of a camera in %s", (_language, text) => {
  it("is its own name, else its number in the language of the page", () => {
    const cameras = [camera(0), camera(1, "Door")];
    expect(cameraLabel(cameras, 1, text)).toBe("Door");
    expect(cameraLabel(cameras, 0, text)).toBe(text.cameraFallback(0));
    expect(cameraLabel([], 5, text)).toBe(text.cameraFallback(5));
  });
});
