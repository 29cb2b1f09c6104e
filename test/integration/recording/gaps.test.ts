/** What is told of a time that is missing: once, and with the right reason, whichever process of the recorder tells it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCatalogue } from "../../../server/recording/catalogue/open-catalogue.js";
import { RecorderScene } from "../../support/recorder-scene.js";

const noon = Date.parse("2026-11-21T12:00:00Z");
const framesOfAPart = 6;

let scene: RecorderScene;
beforeEach(async () => {
  scene = await RecorderScene.create();
  await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
});
afterEach(() => {
  scene.close();
});

const feed = { count: 20, first: 15, startedAtMs: noon } as const;
const told = (): string[] => scene.events().flatMap((event) => (event.kind === "gap" ? [event.gap.code] : []));

describe("E1 E4 a gap", () => {
  it("is noted once, where the recorder died before the part after it was safe, too", async () => {
    await scene.run((recorder) => scene.feed(recorder, feed));
    // The note is older than the file.
    const { connection } = openCatalogue(scene.config.state);
    const last = scene.rows()[1];
    connection.prepare("DELETE FROM recordings WHERE id = ?").run(last?.id);
    connection.close();
    rmSync(join(scene.config.directory, last?.path ?? "none"));
    await scene.run((recorder) => scene.feed(recorder, feed));
    expect([scene.gaps().length, told()]).toEqual([1, ["recorderRestarted"]]);
  });

  it("of a time in which recording was off is called so by a process that was not there", async () => {
    await scene.run(async (recorder) => {
      recorder.start("main");
      for (let number = 13; number < 20; number++) {
        const part = scene.part(number, feed);
        // Those before the key frame are in no file.
        recorder.part(number > 15 ? part : { ...part, afterOff: true });
      }
      await recorder.written("main");
    });
    expect(told()).toEqual(["recordingOff"]);
    expect(scene.gaps()).toMatchObject([{ from_ticks: 10 * 18_000, to_ticks: 15 * 18_000, code: "recordingOff" }]);
  });

  it("is no reason to record nothing, where the catalogue cannot say what was recorded before", async () => {
    const errors: unknown[] = [];
    const broken = new Error("disk I/O error");
    const onError = (error: unknown): void => void errors.push(error);
    await scene.run(
      async (recorder) => {
        recorder.rows.stretchesOf = () => {
          throw broken;
        };
        await scene.feed(recorder, feed);
      },
      { onError },
    );
    expect(scene.rows().map(({ frames }) => frames)).toEqual([10 * framesOfAPart, 5 * framesOfAPart]);
    expect(errors).toEqual([broken]);
  });
});
