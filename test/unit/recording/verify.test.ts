import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyFile } from "../../../server/recording/export/verify.js";

const media = Buffer.from("media");
const manifest = {
  ...{ format: "smart-toggle export 1", file: "a.mp4", camera: 0, createdAt: "2026-11-21T12:00:00.000Z" },
  ...{ from: "2026-11-21T11:00:00.000Z", to: "2026-11-21T11:30:00.000Z", bytes: media.length, gaps: [] },
  sha256: createHash("sha256").update(media).digest("hex"),
  sources: [
    {
      ...{ id: 1, path: "cam0/261121/cam0_20261121_110000.mp4", bytes: 5, frames: 900, sha256: null },
      ...{ from: "2026-11-21T11:00:00.000Z", to: "2026-11-21T11:30:00.000Z" },
    },
  ],
};

describe("smart-toggle verify, of an export that came to another machine", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "verify-"));
    path = join(directory, "a.mp4");
    writeFileSync(path, media);
    writeFileSync(`${path}.json`, JSON.stringify(manifest));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const verify = (file = path) => verifyFile(file, join(directory, "state"));

  it("is sound without a catalogue, and not so with another byte", async () => {
    expect(await verify()).toMatchObject({ sound: true });
    writeFileSync(path, "Media");
    const { sound, lines } = await verify();
    expect([sound, lines[0]]).toEqual([false, expect.stringContaining("NOT the export of the manifest")]);
  });

  it.each([
    ["is cut off", JSON.stringify(manifest).slice(0, 100)],
    ["is another's", "{}"],
  ])("names a manifest that %s", async (_what, text) => {
    writeFileSync(`${path}.json`, text);
    await expect(verify()).rejects.toMatchObject({
      code: "badRequest",
      message: expect.stringContaining(`${path}.json is no manifest`) as string,
    });
  });

  it("names what is no file, and a file of which nothing is known", async () => {
    await expect(verify(join(directory, "none.mp4"))).rejects.toMatchObject({ code: "notFound" });
    await expect(verify(directory)).rejects.toMatchObject({ code: "notFound" });
    rmSync(`${path}.json`);
    await expect(verify()).rejects.toMatchObject({
      code: "notFound",
      message: expect.stringContaining("Nothing is known") as string,
    });
  });
});
