import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { partUri } from "../../../server/hls/playlist.js";
import { verifyGeneration, type PublicReader } from "../../../server/hls/verify.js";
import { channel, recorded, setUpScene } from "../../support/hls-scene.js";

setUpScene();

describe("verify", () => {
  const reader = (): PublicReader => ({
    readText: () => Promise.resolve(channel.text() ?? ""),
    readMedia: (uri) => Promise.resolve(channel.read(uri)),
  });
  const expected = { generation: 2, camera: 0, width: 640, height: 480 };

  test("A2: proves what is there, and finds what is wrong", async () => {
    const publisher = await channel.open();
    await channel.publishAll(publisher, 1, recorded.small);
    const verify = (change = {}, from: PublicReader = reader()) =>
      verifyGeneration({ ...expected, ...change }, from, channel.clock);
    await expect(verify()).resolves.toMatchObject({ ok: false, pending: true });
    const { feeder, run } = channel.begin(publisher, 2, recorded.large);
    feeder.write(2);
    await run.end();
    await expect(verify()).resolves.toEqual({ ok: true, ms: 0 });
    const problem = (text: string) => ({ ok: false, pending: false, problem: expect.stringContaining(text) as string });
    await expect(verify({ camera: 1 })).resolves.toMatchObject(problem("camera 0, not 1"));
    await expect(verify({ width: 320, height: 240 })).resolves.toMatchObject(problem("640x480, not 320x240"));
    const first = partUri(17);
    const swapped = (uri: string, by: (data: Buffer) => Buffer): PublicReader => {
      const files = reader();
      const readMedia = async (name: string) => {
        const data = await files.readMedia(name);
        return name === uri ? by(data) : data;
      };
      return { ...files, readMedia };
    };
    const shifted = (data: Buffer) => {
      data.writeBigUInt64BE(1n, data.indexOf("tfdt") + 8);
      return data;
    };
    await expect(verify({}, swapped(first, shifted))).resolves.toMatchObject(problem("starts at tick 1"));
    await expect(verify({}, swapped(partUri(15), shifted))).resolves.toMatchObject(problem("the former ends at 9001"));
    await expect(
      verify(
        {},
        swapped(first, (data) => data.subarray(0, 900)),
      ),
    ).resolves.toMatchObject(problem("mdat"));
    const plain = () => readFileSync(join(recorded.large, "p000001.m4s"));
    await expect(verify({}, swapped(first, plain))).resolves.toMatchObject(problem("key frame"));
    rmSync(join(channel.directory, first));
    await expect(verify()).resolves.toMatchObject(problem("ENOENT"));
  });
});
