/** Exports of recordings that were damaged, and of a queue of them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../../server/config/database.js";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { Catalogue } from "../../../server/recording/catalogue/catalogue.js";
import { openCatalogue } from "../../../server/recording/catalogue/open-catalogue.js";
import { Exports, type ExportsOptions } from "../../../server/recording/export/exports.js";
import { manifestSchema } from "../../../server/recording/export/manifest.js";
import { Player } from "../../../server/recording/playback/player.js";
import { decodeFrames } from "../../support/decode-frames.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { until } from "../../support/until.js";

const noon = Date.parse("2026-11-21T12:00:00Z");
const partsOfAFile = 10;
const fileMs = 2000;

const isOurs = (): Promise<boolean> => Promise.resolve(true);

let scene: RecorderScene;
let connection: Connection;
let player: Player;
beforeEach(async () => {
  scene = await RecorderScene.create();
  await scene.run(async (recorder) => {
    for (let file = 0; file < 3; file++) {
      const startTicks = file * partsOfAFile * 18_000;
      await scene.feed(recorder, {
        ...{ count: partsOfAFile, generation: file + 1, startTicks, startedAtMs: noon + file * fileMs },
      });
    }
  });
  ({ connection } = openCatalogue(scene.config.state));
  const { directory: root, playbackDirectory: directory } = scene.config;
  player = await Player.open({ root, directory, maxBytes: 1e7, ffmpegProgram: "ffmpeg", clock, log: silentLog });
});
afterEach(async () => {
  await player.close();
  connection.close();
  scene.close();
});

function open(movie: Player["movie"] = (row) => player.movie(row), given: Partial<ExportsOptions> = {}): Exports {
  const tools = { root: scene.config.directory, isOurs, ffmpegProgram: "ffmpeg", clock, log: silentLog };
  return new Exports({ ...tools, catalogue: new Catalogue(connection), player: { movie }, ...given });
}

const isDone = (exports: Exports, id: number): boolean => ["finished", "failed"].includes(exports.get(id).state);
const pathOf = (index: number): string => join(scene.config.directory, scene.rows()[index]?.path ?? "none");

async function exported(from: number, to: number, exports = open()) {
  const { id } = exports.start(0, from, to);
  await until("the export", 30_000, () => isDone(exports, id));
  return { view: exports.get(id), path: join(scene.config.directory, "exports", String(id), exports.get(id).name) };
}

describe("an export (F4)", () => {
  it("of all, and of a part in their midst, has every frame of it", async () => {
    const all = await exported(noon, noon + 3 * fileMs);
    expect([all.view.state, decodeFrames(all.path)]).toEqual(["finished", 180]);
    // From the key frame at 1 s to half of the last file.
    const part = await exported(noon + 1500, noon + 2 * fileMs + 1000);
    expect([part.view.state, decodeFrames(part.path)]).toEqual(["finished", 30 + 60 + 30]);
    const { from, to, gaps } = manifestSchema.parse(JSON.parse(readFileSync(`${part.path}.json`, "utf8")));
    expect([from, to].map((time) => Date.parse(time) - noon)).toEqual([1000, 2 * fileMs + 1000]);
    // Of three generations, and no time between them.
    expect(gaps).toEqual([]);
  });

  it.each([
    [
      "is cut off",
      (path: string) => {
        truncateSync(path, 20_000);
      },
    ],
    [
      "has other bytes",
      (path: string) => {
        const data = readFileSync(path);
        data[data.length - 1000] = (data[data.length - 1000] ?? 0) ^ 0xff;
        writeFileSync(path, data);
      },
    ],
    [
      "is gone",
      (path: string) => {
        rmSync(path);
      },
    ],
  ])("of a recording that %s fails, names it, and leaves nothing", async (_what, damage) => {
    const recording = basename(pathOf(1));
    damage(pathOf(1));
    const { view } = await exported(noon, noon + 3 * fileMs);
    expect(view).toMatchObject({ state: "failed", reason: { code: "exportDamaged", recording } });
    expect((await exported(noon + 2 * fileMs, noon + 3 * fileMs)).view.state).toBe("finished");
  });

  it("whose disk is not mounted says so, and makes nothing in the folder that is left", async () => {
    const { directory } = scene.config;
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    const { view } = await exported(noon, noon + fileMs, open(undefined, { isOurs: () => Promise.resolve(false) }));
    expect(view).toMatchObject({ state: "failed", reason: { code: "recordingsUnreadable", recording: null } });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("is not removed for its age by a clock that was not set", async () => {
    let isSet = false;
    let nowMs = noon;
    const aDayLater = { monotonicMs: () => clock.monotonicMs(), epochMs: () => nowMs };
    const exports = open(undefined, { clock: aDayLater, trusted: () => Promise.resolve(isSet) });
    await exported(noon, noon + fileMs, exports);
    nowMs += 2 * 86_400_000;
    await exports.sweep();
    expect(exports.list()).toHaveLength(1);
    isSet = true;
    await exports.sweep();
    expect(exports.list()).toEqual([]);
  });

  it("is deleted while it is made without waiting for those behind it", async () => {
    const gates: (() => void)[] = [];
    const exports = open(async (row) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return player.movie(row);
    });
    const [first, second] = [
      exports.start(0, noon + 1500, noon + fileMs),
      exports.start(0, noon + 1500, noon + fileMs),
    ];
    await until("the first", 10_000, () => gates.length === 1);
    const removed = exports.remove(first.id);
    gates[0]?.();
    await removed;
    await until("the second", 10_000, () => gates.length === 2);
    expect(exports.list()).toMatchObject([{ id: second.id, state: "running" }]);
    const closed = exports.close();
    gates[1]?.();
    await closed;
    expect(exports.get(second.id).state).toBe("cancelled");
  });
});
