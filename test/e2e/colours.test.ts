import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "../support/browser.js";
import { cycle, readEncoded, startEncoder, writeAll } from "../support/encoder-bench.js";
import { jpegFrames } from "../support/jpeg-frames.js";

const grey = (level: number): [number, number, number] => [level, level, level];
const colours: [number, number, number][] = [
  ...[0, 16, 128, 235, 255].map(grey),
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 170, 51],
];

/** A second of each colour, as a camera's JPEG has it: matrix of BT.601, full range. */
function coloured(width: number, height: number): Buffer[] {
  const filters = "format=rgb24,scale=out_color_matrix=bt601:out_range=full,format=yuvj420p";
  return colours.flatMap((rgb) => {
    const source = `color=c=0x${Buffer.from(rgb).toString("hex")}`;
    return cycle(jpegFrames({ source, width, height, count: 1, filters }), 5);
  });
}

/** Runs in the page: the middle pixel of each second of a film. */
const readPixels = `async (address) => {
  const video = Object.assign(document.createElement("video"), { muted: true, src: address });
  document.body.append(video);
  await new Promise((resolve) => (video.onloadeddata = resolve));
  const canvas = document.createElement("canvas").getContext("2d");
  const pixels = [];
  for (let second = 0; second + 0.5 < video.duration; second++) {
    const presented = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    video.currentTime = second + 0.5;
    await presented;
    canvas.drawImage(video, 0, 0, 100, 100);
    pixels.push(Array.from(canvas.getImageData(50, 50, 1, 1).data).slice(0, 3));
  }
  return pixels;
}`;

function shown(page: Page, film: Buffer): Promise<number[][]> {
  return page.evaluate(`(${readPixels})("data:video/mp4;base64,${film.toString("base64")}")`);
}

describe("Colours in the browser", () => {
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  // Without a word about its colours, players take a picture of 720 lines for BT.709 and a smaller one for BT.601.
  it.each([
    [640, 480],
    [1280, 720],
  ])("are the camera's at %ix%i, black and white too", async (width, height) => {
    const encoder = startEncoder({ width, height, fps: 5, bitrateKbps: 5000 });
    await writeAll(encoder, coloured(width, height));
    await encoder.finish(10_000);
    const page = await browser.newPage();
    const pixels = await shown(page, readEncoded(encoder.directory).whole);
    expect(pixels).toHaveLength(colours.length);
    const off = pixels.flatMap((rgb, n) => rgb.map((value, at) => Math.abs(value - (colours[n]?.[at] ?? -999))));
    expect(Math.max(...off)).toBeLessThanOrEqual(4);
  });
});
