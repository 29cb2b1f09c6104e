import { afterEach, beforeEach, expect, test } from "vitest";
import { join } from "node:path";
import { Publisher } from "../../../server/hls/publisher.js";
import { systemClock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { ChannelFixture } from "../../support/channel-fixture.js";
import { encode } from "../../support/encode.js";
import { expectTrueChannel } from "../../support/public-channel.js";

let channel: ChannelFixture;
beforeEach(() => {
  channel = new ChannelFixture();
});
afterEach(async () => {
  await channel.close();
});

/** Asks for one part after the other, as a player does, and notes when each answer came (Unix milliseconds). */
async function follow(publisher: Publisher, signal: AbortSignal): Promise<number[]> {
  const answeredMs: number[] = [];
  for (let part = 0; !signal.aborted; part++) {
    const query = { _HLS_msn: String(Math.floor(part / 5)), _HLS_part: String(part % 5) };
    const { kind } = await publisher.waiters.reload(query, signal);
    if (kind === "ready") answeredMs.push(performance.timeOrigin + performance.now());
  }
  return answeredMs;
}

test("a part on disk is in the answers of blocked reloads within milliseconds", async () => {
  const publisher = await Publisher.open({
    channel: "main",
    directory: channel.directory,
    windowSeconds: 10,
    keepSeconds: 30,
    reservation: { reserve: () => undefined },
    clock: systemClock,
    log: silentLog,
  });
  const writtenMs: number[] = [];
  publisher.on("part", (part) => writtenMs.push(part.rawMtimeMs));
  const directory = join(channel.live, "gen/1");
  const run = publisher.begin({ generation: 1, camera: 0, label: "Door", directory });
  const stop = new AbortController();
  const players = Array.from({ length: 20 }, () => follow(publisher, stop.signal));
  await encode({ directory, seconds: 6, realTime: true });
  await expect(run.end()).resolves.toEqual({ parts: 30, ticks: 540_000 });
  stop.abort();
  const [answeredMs = []] = await Promise.all(players);
  await publisher.close();
  expectTrueChannel(channel.directory);
  // Until the first segment is whole nobody is answered.
  const delays = writtenMs
    .map((ms, part) => (answeredMs[part] ?? Number.NaN) - ms)
    .slice(5)
    .sort((a, b) => a - b);
  console.log(`part on disk to answer: ${delays.map((ms) => ms.toFixed(1)).join(" ")} ms`);
  expect(delays).toHaveLength(25);
  // The budget for the 99th percentile (DESIGN); the median holds it on a busy machine too.
  expect(delays[12]).toBeLessThan(20);
});
