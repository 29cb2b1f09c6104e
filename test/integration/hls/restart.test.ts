import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { partUri, positionOf, segmentUri, type PlaylistStart } from "../../../server/hls/playlist.js";
import { recordedTicks } from "../../support/channel-fixture.js";
import { channel, recorded, setUpScene } from "../../support/hls-scene.js";
import { expectTrueChannel } from "../../support/public-channel.js";
import { until } from "../../support/until.js";

setUpScene();

describe("restarts", () => {
  test("I3: with the playlist there it goes on exactly, and closes what was open", async () => {
    const former = await channel.open();
    const { feeder } = channel.begin(former, 1, recorded.small);
    feeder.write(7);
    await channel.published(former, 7 * 18_000);
    await channel.kill(former);
    channel.nowMs += 3_000;
    const publisher = await channel.open();
    expect(publisher.edgeTicks).toBe(7 * 18_000);
    expect(Math.round(publisher.awayMs)).toBe(3_000 - 1_400);
    const before = expectTrueChannel(channel.directory);
    expect(before.open).toBeNull();
    expect(before.nextPart).toBe(8);
    await channel.publishAll(publisher, 2, recorded.small);
    const state = expectTrueChannel(channel.directory);
    expect(state.segments.map((segment) => segment.startTicks / 18_000)).toEqual([0, 5, 7, 12, 17, 22]);
    expect(state.segments.map((segment) => segment.sequence)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(state.segments.some((segment) => segment.discontinuity)).toBe(false);
    expect(state.epochMs).toBe(before.epochMs);
  });

  test("I3: after a longer time away ticks and sequences jump with the first part, in step with the date", async () => {
    const former = await channel.open();
    await channel.publishAll(former, 1, recorded.small);
    await channel.kill(former);
    channel.nowMs += 60_000;
    const publisher = await channel.open();
    expect(expectTrueChannel(channel.directory).segments).toHaveLength(4);
    const { feeder, run } = channel.begin(publisher, 2, recorded.small);
    const awayTicks = Math.round(60_000 - 3_100) * 90;
    expect(publisher.edgeTicks).toBe(recordedTicks + awayTicks);
    expect(expectTrueChannel(channel.directory).segments).toHaveLength(4);
    feeder.write();
    await once(publisher, "part");
    const state = expectTrueChannel(channel.directory);
    expect(state.segments).toEqual([]);
    expect(state.open?.startTicks).toBe(recordedTicks + awayTicks);
    expect(state.open?.sequence).toBe(4 + 285);
    expect(state.epochMs).toBe(1_700_000_001_000);
    expect(channel.has(segmentUri(3))).toBe(true);
    channel.nowMs += 31_000;
    await until("the former media are gone", 5_000, () => !channel.has(segmentUri(3)));
    // I4: among them was not the init segment, which the same profile shares over the time away.
    expectTrueChannel(channel.directory);
    await run.end();
  });

  test("I3: without the playlist it goes on beyond what was reserved, with no discontinuity", async () => {
    const former = await channel.open();
    await channel.publishAll(former, 1, recorded.small);
    await channel.publishAll(former, 2, recorded.large);
    const end = positionOf(expectTrueChannel(channel.directory));
    await channel.kill(former);
    rmSync(channel.directory, { recursive: true });
    channel.nowMs += 2_000;
    const publisher = await channel.open();
    expect(publisher.text).toBeNull();
    await channel.publishAll(publisher, 3, recorded.large);
    const state = expectTrueChannel(channel.directory);
    const [first] = state.segments;
    expect(first?.startTicks).toBeGreaterThan(end.ticks);
    expect(first?.sequence).toBeGreaterThanOrEqual(end.mediaSequence);
    expect(first?.discontinuity).toBe(false);
    expect(state.discontinuitySequence).toBe(1);
    expect(state.epochMs).toBe(end.epochMs);
  });

  test("A1: what is forgotten is gone for everyone at once, its media 30 s later, and the timeline goes on", async () => {
    const publisher = await channel.open();
    await channel.publishAll(publisher, 1, recorded.small);
    const before = positionOf(expectTrueChannel(channel.directory));
    const waits = publisher.waiters.reload({}, new AbortController().signal);
    expect(await waits).toMatchObject({ kind: "ready" });
    publisher.forget();
    expect(channel.has("live.m3u8")).toBe(false);
    expect(publisher.text).toBeNull();
    expect(channel.has(segmentUri(3))).toBe(true);
    channel.nowMs += 31_000;
    await until("the media are gone", 5_000, () => !channel.has(segmentUri(3)) && !channel.has(partUri(0)));
    await channel.kill(publisher);
    const next = await channel.open();
    expect(next.text).toBeNull();
    await channel.publishAll(next, 2, recorded.small);
    const [first] = expectTrueChannel(channel.directory).segments;
    expect(first?.startTicks).toBeGreaterThan(before.ticks);
    expect(first?.sequence).toBeGreaterThanOrEqual(before.mediaSequence);
  });

  test("A1: off and on again within seconds, in one process, goes on exactly where it ended", async () => {
    const publisher = await channel.open();
    await channel.publishAll(publisher, 1, recorded.small);
    const before = positionOf(expectTrueChannel(channel.directory));
    publisher.forget();
    channel.nowMs += 2_000;
    await channel.publishAll(publisher, 2, recorded.small);
    const state = expectTrueChannel(channel.directory);
    expect(state.segments[0]).toMatchObject({ startTicks: before.ticks, sequence: before.mediaSequence });
  });

  test("I3: a clean stop without tmpfs goes on exactly", async () => {
    const former = await channel.open();
    await channel.publishAll(former, 1, recorded.small);
    await former.close();
    rmSync(channel.directory, { recursive: true });
    channel.nowMs += 2_000;
    const publisher = await channel.open();
    expect(publisher.edgeTicks).toBe(recordedTicks);
  });

  test("I4: a playlist that names what is not there is not gone on with", async () => {
    const former = await channel.open();
    await channel.publishAll(former, 1, recorded.small);
    await channel.kill(former);
    rmSync(join(channel.directory, partUri(7)));
    const publisher = await channel.open();
    expect(publisher.text).toBeNull();
    expect(channel.has("live.m3u8")).toBe(false);
    expect(publisher.edgeTicks).toBe(channel.reserved?.ticks);
  });

  test("I3: nothing is published that the reservation does not cover", async () => {
    const publisher = await channel.open(60);
    const bounds: PlaylistStart[] = [];
    publisher.on("part", (part) => {
      if (!channel.reserved) throw new Error("Nothing was reserved.");
      expect(part.startTicks + part.ticks).toBeLessThanOrEqual(channel.reserved.ticks);
      if (bounds.at(-1) !== channel.reserved) bounds.push(channel.reserved);
    });
    for (let generation = 0; generation < 22; generation++)
      await channel.publishAll(publisher, generation, recorded.small);
    expect(bounds.length).toBe(3);
    expect(expectTrueChannel(channel.directory).nextSequence).toBeLessThanOrEqual(channel.reserved?.mediaSequence ?? 0);
  });
});
