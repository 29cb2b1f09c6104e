import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { partUri, segmentUri } from "../../../server/hls/playlist.js";
import type { PublishedPart } from "../../../server/hls/publisher.js";
import { recordedTicks } from "../../support/channel-fixture.js";
import { channel, recorded, setUpScene } from "../../support/hls-scene.js";
import { expectTrueChannel } from "../../support/public-channel.js";
import { until } from "../../support/until.js";

setUpScene();

const warnings = (args: readonly string[]) =>
  spawnSync("ffmpeg", ["-v", "warning", "-nostdin", ...args]).stderr.toString();

function packetTimes(file: string): number[] {
  const args = ["-v", "error", "-show_entries", "packet=dts", "-of", "csv=p=0", file];
  const lines = spawnSync("ffprobe", args).stdout.toString().trim().split("\n");
  return lines.map((line) => Number.parseInt(line, 10));
}

describe("generations", () => {
  test("I3: two generations play in ffmpeg as one, every frame in its place, with no warning", async () => {
    const publisher = await channel.open(60);
    await channel.publishAll(publisher, 1, recorded.small);
    await channel.publishAll(publisher, 2, recorded.small);
    const state = expectTrueChannel(channel.directory);
    expect(state.edgeTicks).toBe(2 * recordedTicks);
    const names = state.segments.map((segment) => segmentUri(segment.sequence));
    const whole = [state.segments[0]?.init ?? "", ...names].map((name) => channel.read(name));
    const file = join(channel.live, "whole.mp4");
    writeFileSync(file, Buffer.concat(whole));
    expect(packetTimes(file)).toEqual(Array.from({ length: 186 }, (_, frame) => frame * 3_000));
    expect(warnings(["-i", file, "-f", "null", "-"])).toBe("");
  });

  test("I3: a player follows the playlist over a change of size, and passes over the tag of our own", async () => {
    const publisher = await channel.open(60);
    for (const [generation, from] of [recorded.small, recorded.small, recorded.large, recorded.small].entries()) {
      await channel.publishAll(publisher, generation, from);
    }
    const state = expectTrueChannel(channel.directory);
    const discontinuities = state.segments.filter((segment) => segment.discontinuity).map(({ sequence }) => sequence);
    expect(discontinuities).toEqual([8, 12]);
    expect(state.ranges.map(({ camera, startTicks }) => [camera, startTicks / recordedTicks])).toEqual([
      [0, 0],
      [1, 1],
      [0, 2],
      [1, 3],
    ]);
    const text = channel.text() ?? "";
    const ended = join(channel.directory, "ended.m3u8");
    writeFileSync(ended, `${text.replace(/#EXT-X-PRELOAD-HINT.*\n/, "")}#EXT-X-ENDLIST\n`);
    const out = join(channel.live, "out.txt");
    const found = warnings(["-live_start_index", "0", "-i", ended, "-vf", "scale=320:240", "-f", "framecrc", out]);
    const expected = /^$|duplicated MOOV|Last message repeated/;
    expect(found.split("\n").filter((line) => !expected.test(line))).toEqual([]);
    const frames = readFileSync(out, "utf8")
      .split("\n")
      .filter((line) => /^0,/.test(line));
    expect(frames).toHaveLength(4 * 93);
  });

  test("parts are published while the encoder runs, tell of themselves, and leave no raw part behind", async () => {
    const publisher = await channel.open();
    const parts: PublishedPart[] = [];
    publisher.on("part", (part) => parts.push(part));
    const { raw, feeder, run } = channel.begin(publisher, 7, recorded.small);
    for (let part = 0; part < 6; part++) {
      const published = once(publisher, "part");
      feeder.write();
      await published;
      expectTrueChannel(channel.directory);
    }
    expect(parts.map(({ uri, startTicks, ticks }) => [uri, startTicks, ticks])).toEqual(
      Array.from({ length: 6 }, (_, part) => [partUri(part), part * 18_000, 18_000]),
    );
    expect(parts.map((part) => part.independent)).toEqual([true, false, false, false, false, true]);
    expect(parts[0]).toMatchObject({ generation: 7, camera: 1, publishedMs: channel.nowMs });
    expect(readdirSync(raw).filter((name) => name.endsWith(".m4s"))).toEqual([]);
    expect(publisher.edgeTicks).toBe(6 * 18_000);
    expect(publisher.text?.toString()).toBe(channel.text());
    await expect(run.end()).resolves.toEqual({ parts: 6, ticks: 108_000 });
  });

  test("I2: a later generation waits for the end of the earlier, and begins a segment of its own", async () => {
    const publisher = await channel.open();
    const first = channel.begin(publisher, 1, recorded.small);
    const second = channel.begin(publisher, 2, recorded.small);
    second.feeder.write(3);
    first.feeder.write(7);
    await channel.published(publisher, 7 * 18_000);
    const seen: number[] = [];
    publisher.on("part", (part) => seen.push(part.generation));
    await expect(first.run.end()).resolves.toEqual({ parts: 7, ticks: 126_000 });
    await expect(second.run.end()).resolves.toEqual({ parts: 3, ticks: 54_000 });
    expect(seen).toEqual([2, 2, 2]);
    const state = expectTrueChannel(channel.directory);
    expect(state.segments.map((segment) => segment.parts.length)).toEqual([5, 2, 3]);
  });

  test("a generation that gave nothing ends at once and leaves no trace", async () => {
    const publisher = await channel.open();
    const first = channel.begin(publisher, 1, recorded.small);
    first.feeder.write(2);
    const second = channel.begin(publisher, 2, recorded.small);
    await expect(second.run.end()).resolves.toEqual({ parts: 0, ticks: 0 });
    await first.run.end();
    await expect(channel.begin(publisher, 3, recorded.small).run.end()).resolves.toEqual({ parts: 0, ticks: 0 });
    expect(expectTrueChannel(channel.directory).ranges.map((range) => range.generation)).toEqual([1]);
  });

  test("I2: parts before the first key frame are reported and passed over", async () => {
    const publisher = await channel.open();
    const errors: string[] = [];
    publisher.on("error", (error) => errors.push(error.code));
    const { feeder, run } = channel.begin(publisher, 1, recorded.small);
    feeder.write(2, 3);
    feeder.write(1, 5);
    feeder.write(1, 6);
    await expect(run.end()).resolves.toEqual({ parts: 2, ticks: 36_000 });
    expect(errors).toEqual(["mediaInvalid"]);
    expect(expectTrueChannel(channel.directory).segments[0]?.parts[0]?.independent).toBe(true);
  });

  test("a broken part, and an encoder that counts otherwise, are reported and passed over", async () => {
    const publisher = await channel.open();
    const errors: string[] = [];
    publisher.on("error", (error) => errors.push(error.message));
    const { raw, feeder, run } = channel.begin(publisher, 1, recorded.small);
    writeFileSync(join(raw, "p000000.m4s"), "no media");
    await until("the error is said", 5_000, () => errors.length === 1);
    await run.end();
    const wrong = channel.begin(publisher, 2, recorded.small);
    const init = readFileSync(join(wrong.raw, "init.mp4"));
    init.writeUInt32BE(12_800, init.indexOf("mdhd") + 16);
    writeFileSync(join(wrong.raw, "init.mp4"), init);
    wrong.feeder.write(2);
    await expect(wrong.run.end()).resolves.toEqual({ parts: 0, ticks: 0 });
    expect(errors[1]).toMatch("12800");
    expect(publisher.text).toBeNull();
    expect(feeder.count).toBe(16);
  });
});

describe("requests that wait", () => {
  test("all get the same bytes as soon as the part is there, and a withdrawn hint is not found", async () => {
    const publisher = await channel.open();
    await channel.publishAll(publisher, 1, recorded.small);
    const { feeder, run } = channel.begin(publisher, 2, recorded.small);
    const { signal } = new AbortController();
    const reload = publisher.waiters.reload({ _HLS_msn: "4", _HLS_part: "0" }, signal);
    const hinted = publisher.waiters.waitForPart(partUri(16), signal);
    feeder.write();
    const answer = await reload;
    expect(answer.kind === "ready" && answer.text === publisher.text).toBe(true);
    await expect(hinted).resolves.toBe("published");
    const withdrawn = publisher.waiters.waitForPart(partUri(17), signal);
    await run.end();
    await channel.publishAll(publisher, 3, recorded.large);
    await expect(withdrawn).resolves.toBe("notFound");
  });
});
