import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { brokenFrames } from "../support/picture-rules.js";
import type { PlayerPage } from "../support/player-page.js";
import { randomNumbers } from "../support/random.js";
import { halfRate } from "../support/quick-cameras.js";
import { Scene } from "../support/scene.js";
import { until } from "../support/until.js";
import { isWhole } from "../support/whole.js";

/** Twenty with WHOLE=1. */
const crashes = isWhole ? 20 : 3;
/** Every fourth crash also loses tmpfs, as a reboot does. */
const loseEvery = 4;
/** A switch takes about 1.1 s: the crash comes anywhere in it, or just after it. */
const latestMs = 1300;

let scene: Scene;
let page: PlayerPage;

beforeAll(async () => {
  scene = await Scene.open({ settings: { cameras: halfRate } });
  page = await scene.openPage();
  await page.waitForCamera(0);
});

afterAll(() => scene.close());

/** Numbers of the public playlist that never go down (I3): media sequence, discontinuity sequence, ticks, next part. */
async function position(): Promise<number[]> {
  const text = await (await fetch(`${scene.product.url}/hls/main/live.m3u8`)).text();
  const tags = [/MEDIA-SEQUENCE:(\d+)/, /DISCONTINUITY-SEQUENCE:(\d+)/, /START=(\d+)/, /NEXT-PART=(\d+)/];
  return tags.map((tag) => Number(tag.exec(text)?.[1]));
}

it(`I3 I5 I6 plays on over ${crashes} crashes at random moments of a switch`, { timeout: 300_000 }, async () => {
  const random = randomNumbers(7);
  let before = await position();
  for (let crash = 1; crash <= crashes; crash += 1) {
    const camera = crash % 2;
    // Its answer is lost in the crash, or comes before it.
    const request = scene.product.api("/api/switch", { camera }).catch(() => null);
    await wait(random() * latestMs);
    await scene.product.kill9();
    await request;
    await until("the end of all children", 3000, () => scene.product.processes().length === 0);
    if (crash % loseEvery === 0) scene.product.loseTmpfs();
    const killedMs = Date.now();
    await scene.product.launch();
    await page.waitForFrame(({ strip }) => strip.valid && strip.drawnMs > killedMs, 30_000);
    const after = await position();
    for (const [index, number] of after.entries())
      expect(number, `crash ${crash}`).toBeGreaterThanOrEqual(before[index] ?? 0);
    before = after;
  }
  expect(await page.facts()).toMatchObject({ videos: 1, loads: 1, errors: [] });
  expect(brokenFrames(page.frames)).toEqual([]);
});
