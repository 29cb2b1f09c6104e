import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../server/lib/package-root.js";
import { decodeStrips } from "../support/decode-strips.js";
import { brokenFrames, camerasShown } from "../support/picture-rules.js";
import type { Stub } from "../support/player-page.js";
import { Scene } from "../support/scene.js";
import type { StripReading } from "../support/strip.js";

const shakaPage: readonly Stub[] = [
  {
    path: "/shaka.js",
    contentType: "text/javascript",
    body: readFileSync(join(packageRoot, "node_modules/shaka-player/dist/shaka-player.compiled.js"), "utf8"),
  },
  {
    path: "/shaka.html",
    contentType: "text/html",
    body: `<!doctype html><video muted autoplay></video><script src="/shaka.js"></script><script>
const player = new shaka.Player();
player.configure({ streaming: { lowLatencyMode: true } });
// An error nobody catches is what the test looks for.
player.addEventListener("error", ({ detail }) => { throw new Error("shaka " + detail.code + " " + detail.message); });
player.attach(document.querySelector("video")).then(() => player.load("/hls/main/live.m3u8"));
</script>`,
  },
];

describe("players of another make over several switches", () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open();
  });

  afterAll(() => scene.close());

  beforeEach(async ({ onTestFailed }) => {
    onTestFailed(() => {
      console.log(scene.product.logTail());
    });
    await switchThrough([0]);
  });

  async function switchThrough(cameras: readonly number[], dwellMs = 0): Promise<void> {
    for (const camera of cameras) {
      const { status } = await scene.product.api("/api/switch", { camera });
      expect(status).toBe(200);
      await wait(dwellMs);
    }
  }

  const camerasOf = (strips: readonly StripReading[]) => new Set(strips.map((strip) => strip.valid && strip.camera));

  it("I3 Shaka plays on in one media source", async () => {
    const page = await scene.openPage({ stubs: shakaPage }, "/shaka.html");
    await page.waitForCamera(0);
    for (const camera of [1, 0, 1]) {
      await switchThrough([camera]);
      await page.waitForCamera(camera);
    }
    expect(camerasShown(page.frames)).toEqual([0, 1, 0, 1]);
    expect(brokenFrames(page.frames)).toEqual([]);
    expect(await page.facts()).toEqual({ videos: 1, mediaSources: 1, loads: 1, errors: [] });
    await page.close();
  });

  it("I3 ffmpeg decodes every frame and warns of nothing", async () => {
    const seconds = 14;
    const reading = decodeStrips({ from: `${scene.product.url}/hls/main/live.m3u8`, seconds });
    await switchThrough([1, 0, 1], 500);
    const { strips, warnings } = await reading;
    expect(warnings).toEqual([]);
    expect(strips.length).toBe(seconds * 30);
    expect(strips.filter((strip) => !strip.valid)).toEqual([]);
    expect(camerasOf(strips)).toEqual(new Set([0, 1]));
    const drawn = strips.map((strip) => (strip.valid ? strip.drawnMs : 0));
    expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  });

  it("I2 no segment holds pictures of two cameras", async () => {
    await switchThrough([1, 0, 1], 300);
    const base = `${scene.product.url}/hls/main/`;
    const fetchFile = async (name: string) => Buffer.from(await (await fetch(`${base}${name}`)).arrayBuffer());
    const playlist = (await fetchFile("live.m3u8")).toString();
    const init = await fetchFile(/#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1] ?? "");
    const segments = playlist.match(/^seg_\d+\.m4s$/gm) ?? [];
    const cameras: unknown[] = [];
    for (const name of segments) {
      const data = Buffer.concat([init, await fetchFile(name)]);
      const { strips, warnings } = await decodeStrips({ from: "pipe:0", data });
      expect(warnings).toEqual([]);
      expect(strips.length).toBeGreaterThan(0);
      expect({ name, cameras: camerasOf(strips).size }).toEqual({ name, cameras: 1 });
      cameras.push(...camerasOf(strips));
    }
    expect(new Set(cameras)).toEqual(new Set([0, 1]));
  });
});
