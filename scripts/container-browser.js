/** What `make container-test` does in a browser, as a person would. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, patience, until } from "./machine-steps.js";

/** A browser of this machine in the network of the container; `folder` takes a file. Like a person it says yes to the certificate. */
export async function inBrowser(container, folder, look) {
  const program = join(folder, "chromium");
  writeFileSync(program, `#!/bin/sh\nexec nsenter --target ${container.pid} --net -- chromium "$@"\n`, { mode: 0o755 });
  const args = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"];
  // The network of the container knows no names.
  args.push("--host-resolver-rules=MAP *.local 127.0.0.1");
  const browser = await chromium.launch({ executablePath: program, args });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    page.setDefaultTimeout(patience * 1000);
    await look(page);
  } finally {
    await browser.close();
  }
}

export const named = (id) => `[data-testid=${id}]`;
export const isLive = (page) => page.waitForSelector(`${named("badge")}[data-state=live]`);

/** Name and password, or the new ones, as a person types them. */
export async function fillIn(page, form, { name, password }) {
  await page.fill(named(`${form}-name`), name);
  await page.fill(named(`${form}-password`), password);
  await page.press(named(`${form}-password`), "Enter");
}

/** Camera and frame number by the strip in the top rows of a video's decoded picture; null while there is none. */
const readStrip = `(id) => {
  const video = document.querySelector("[data-testid=" + id + "]");
  if (video === null || video.readyState < 2 || video.videoWidth === 0) return null;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  const { data } = context.getImageData(0, 8, canvas.width, 1);
  const bits = Array.from({ length: 64 }, (_, cell) =>
    data[4 * Math.floor(((cell + 0.5) * canvas.width) / 64)] > 127 ? "1" : "0").join("");
  const number = (from, to) => parseInt(bits.slice(from, to), 2);
  return bits.startsWith("1010") ? { camera: number(4, 8), frame: number(8, 32) } : null;
}`;
const pictureOf = (page, id) => page.evaluate(`(${readStrip})(${JSON.stringify(id)})`);

/** A picture of this camera, and another one after it. */
export async function expectMoving(page, id, camera) {
  const first = await until(`a picture in ${id}`, patience, () => pictureOf(page, id));
  expect(first.camera === camera, `camera ${first.camera} in ${id}`);
  await until(
    `a later picture in ${id}`,
    patience,
    async () => ((await pictureOf(page, id))?.frame ?? 0) > first.frame,
  );
}
