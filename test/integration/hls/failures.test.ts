import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ChannelFiles, type MediaFile } from "../../../server/hls/channel-files.js";
import { partUri, segmentUri } from "../../../server/hls/playlist.js";
import { recordedTicks } from "../../support/channel-fixture.js";
import { channel, recorded, setUpScene } from "../../support/hls-scene.js";
import { expectTrueChannel } from "../../support/public-channel.js";
import { until } from "../../support/until.js";

setUpScene();

afterEach(() => {
  vi.restoreAllMocks();
});

type Write = (file: MediaFile) => void;

/** From now on writes go through `change`, which gets what would have been done. */
function changeWrites(change: (write: Write, file: MediaFile) => void): { mockRestore(): void } {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the right `this` below
  const { write } = ChannelFiles.prototype;
  return vi.spyOn(ChannelFiles.prototype, "write").mockImplementation(function (this: ChannelFiles, file) {
    change((each) => {
      write.call(this, each);
    }, file);
  });
}

describe("failures", () => {
  test("I4: killed between any two writes, the playlist is true and the next start goes on", async () => {
    for (let killAt = 0; killAt < 34; killAt++) {
      channel.directory = join(channel.live, `hls/${killAt}`);
      let writes = 0;
      const dying = changeWrites((write, file) => {
        if (writes++ >= killAt) throw new Error("killed");
        write(file);
      });
      const former = await channel.open();
      const first = channel.begin(former, killAt * 10 + 1, recorded.small);
      first.feeder.write(7);
      void first.run.end();
      const second = channel.begin(former, killAt * 10 + 2, recorded.large);
      second.feeder.write(6);
      void second.run.end();
      await channel.kill(former);
      dying.mockRestore();
      const before = killAt < 3 ? null : expectTrueChannel(channel.directory, true);
      const publisher = await channel.open();
      if (before) expect(channel.has(partUri(before.nextPart))).toBe(false);
      await channel.publishAll(publisher, killAt * 10 + 3, recorded.large);
      const state = expectTrueChannel(channel.directory);
      if (before) {
        expect(state.edgeTicks).toBe(before.edgeTicks + recordedTicks);
        expect(state.nextPart).toBeGreaterThan(before.nextPart + 16);
      }
    }
  });

  test("while nothing can be written nothing is named or lost; it goes on when it can", async () => {
    const publisher = await channel.open();
    const errors: string[] = [];
    publisher.on("error", (error) => errors.push(error.code));
    const { feeder, run } = channel.begin(publisher, 1, recorded.small);
    feeder.write(3);
    await channel.published(publisher, 54_000);
    const text = publisher.text;
    changeWrites(() => {
      throw new Error("ENOSPC: no space left on device");
    });
    feeder.write(4);
    await until("the failure is said", 5_000, () => errors.length > 0);
    expect(publisher.text).toBe(text);
    expectTrueChannel(channel.directory);
    vi.restoreAllMocks();
    await channel.published(publisher, 7 * 18_000);
    expect(errors).toEqual(["publishFailed"]);
    await expect(run.end()).resolves.toEqual({ parts: 7, ticks: 126_000 });
    expectTrueChannel(channel.directory);
  });

  test("a full disk does not hold up the end of a generation for ever, nor mix it with the next", async () => {
    const publisher = await channel.open();
    const first = channel.begin(publisher, 1, recorded.small);
    first.feeder.write(3);
    await channel.published(publisher, 54_000);
    changeWrites((write, file) => {
      if (file.name === "live.m3u8") throw new Error("ENOSPC: no space left on device");
      write(file);
    });
    first.feeder.write(1);
    await expect(first.run.end()).resolves.toEqual({ parts: 3, ticks: 54_000 });
    rmSync(first.raw, { recursive: true });
    const second = channel.begin(publisher, 2, recorded.small);
    second.feeder.write(2);
    vi.restoreAllMocks();
    await expect(second.run.end()).resolves.toEqual({ parts: 2, ticks: 36_000 });
    const state = expectTrueChannel(channel.directory);
    expect(state.segments.map((segment) => segment.parts.length)).toEqual([3, 2]);
    // Part 3 of the first generation was written but never named: its name is given up.
    expect(state.segments[1]?.parts.map((part) => part.number)).toEqual([4, 5]);
  });

  test("what a killed run left open is closed as soon as it can be written", async () => {
    const former = await channel.open();
    channel.begin(former, 1, recorded.small).feeder.write(3);
    await channel.published(former, 54_000);
    await channel.kill(former);
    changeWrites(() => {
      throw new Error("ENOSPC: no space left on device");
    });
    const publisher = await channel.open();
    const { feeder, run } = channel.begin(publisher, 2, recorded.small);
    feeder.write(2);
    expect(expectTrueChannel(channel.directory).open?.parts).toHaveLength(3);
    vi.restoreAllMocks();
    await expect(run.end()).resolves.toEqual({ parts: 2, ticks: 36_000 });
    const { segments } = expectTrueChannel(channel.directory);
    expect(segments.map((segment) => segment.parts.length)).toEqual([3, 2]);
  });

  test("I4: media stay 30 s after they left the playlist, and strangers' files too", async () => {
    mkdirSync(channel.directory, { recursive: true });
    writeFileSync(join(channel.directory, "part_99999.m4s"), "of a forgotten run");
    writeFileSync(join(channel.directory, "seg_1.m4s.new"), "torn");
    const publisher = await channel.open(4);
    expect(channel.has("seg_1.m4s.new")).toBe(false);
    for (let generation = 0; generation < 4; generation++)
      await channel.publishAll(publisher, generation, recorded.small);
    const gone = [segmentUri(0), partUri(0), "part_99999.m4s"];
    for (const name of gone) expect(channel.has(name), name).toBe(true);
    channel.nowMs += 29_999;
    await wait(250);
    for (const name of gone) expect(channel.has(name), name).toBe(true);
    channel.nowMs += 1;
    await until("the media are removed", 5_000, () => gone.every((name) => !channel.has(name)));
    expectTrueChannel(channel.directory);
  });

  test("an init segment that comes back in time is not removed", async () => {
    const publisher = await channel.open(4);
    await channel.publishAll(publisher, 0, recorded.small);
    for (let generation = 1; generation < 4; generation++)
      await channel.publishAll(publisher, generation, recorded.large);
    await channel.publishAll(publisher, 4, recorded.small);
    channel.nowMs += 60_000;
    await wait(250);
    expectTrueChannel(channel.directory);
  });
});
