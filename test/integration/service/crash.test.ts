import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { allSegments, type PlaylistState } from "../../../server/hls/playlist.js";
import { parsePlaylist } from "../../../server/hls/playlist-text.js";
import type { Receipt } from "../../../server/http/wire.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { randomNumbers } from "../../support/random.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

const settings = { cameras: quickCameras };
let product: Product | undefined;

afterEach(async () => {
  await product?.close();
  product = undefined;
});

async function playlist(it: Product): Promise<PlaylistState> {
  const response = await fetch(`${it.url}/hls/main/live.m3u8`);
  return parse(await response.text());
}

const parse = (text: string): PlaylistState => parsePlaylist(text, { windowSeconds: 10 });

/** I3: after `before` nothing goes down, and no name comes again. */
function expectGoesOn(before: PlaylistState, after: PlaylistState): void {
  expect(after.edgeTicks).toBeGreaterThan(before.edgeTicks);
  expect(after.nextPart).toBeGreaterThan(before.nextPart);
  const last = (state: PlaylistState) => allSegments(state).at(-1)?.sequence ?? 0;
  expect(last(after)).toBeGreaterThan(last(before));
  let ticks: number | undefined;
  for (const segment of allSegments(after)) {
    if (ticks !== undefined) expect(segment.startTicks).toBe(ticks);
    ticks = segment.startTicks + segment.ticks;
  }
}

/** Twenty with WHOLE=1. */
const crashes = isWhole ? 20 : 6;

describe("I3 I5 kill -9 of the controller in the middle of a switch", () => {
  it(`${crashes} times, at random moments, every fifth with tmpfs lost: each start is clean and goes on`, async () => {
    const it = (product = await Product.start({ settings }));
    const random = randomNumbers(20);
    for (let n = 1; n <= crashes; n++) {
      const camera = n % 2;
      void it.api("/api/switch", { camera }).catch(() => undefined);
      await wait(random() * 700);
      await it.kill9();
      const before = parse(readFileSync(join(it.live, "hls/main/live.m3u8"), "utf8"));
      if (n % 5 === 0) it.loseTmpfs();
      await it.launch();
      // Until the first part of the new run, the playlist of the former one is answered.
      const goneOn = await until("the playlist to go on", 10_000, async () => {
        const now = await playlist(it);
        return now.edgeTicks === before.edgeTicks ? null : now;
      });
      expectGoesOn(before, goneOn);
    }
    await until("the end of every switch", 10_000, async () => {
      const { receipts } = (await it.api<{ receipts: Receipt[] }>("/api/switches?limit=100")).body;
      return receipts.every(({ outcome }) => outcome !== null);
    });
  }, 240_000);
});
