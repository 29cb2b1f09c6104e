import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { OngoingCalls } from "../../../server/recording/storage/ongoing-calls.js";
import { folderMemory, RecordingsFolder } from "../../../server/recording/storage/recordings-folder.js";
import { Storage } from "../../../server/recording/storage/storage.js";
import { until } from "../../support/until.js";

const patienceMs = 10_000;

let root: string;
let storage: Storage;
let owed: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "storage-"));
  owed = 0;
  const folder = new RecordingsFolder(join(root, "recordings"), root);
  storage = new Storage({ folder, owedBytes: () => owed, calls: new OngoingCalls(clock), clock, log: silentLog });
});
afterEach(() => {
  storage.close();
  rmSync(root, { recursive: true });
});

/** As if its disk were not mounted: the folder is on another device, and has no marker. Answers how to mount it. */
function unmount(): () => void {
  const [memory, marker] = [join(root, folderMemory), join(root, "recordings/.smart-toggle-recordings")];
  const [remembered, mark] = [readFileSync(memory, "utf8"), readFileSync(marker, "utf8")];
  writeFileSync(memory, remembered.replace(/"device":\d+/, '"device":1'));
  rmSync(marker);
  return () => {
    writeFileSync(marker, mark);
  };
}

it(
  "E4 says what is the matter now: a disk that is full, and is gone then, is no full disk any more",
  { timeout: 3 * patienceMs },
  async () => {
    const told: (string | null)[] = [];
    storage.on("paused", ({ code }) => told.push(code)).on("resumed", () => told.push(null));
    await storage.available();
    owed = Number.MAX_SAFE_INTEGER;
    storage.review();
    const again = storage.available();
    await until("it is full", patienceMs, () => storage.problem?.code === "diskFull");
    expect(storage.failed(Object.assign(new Error("a write that was under way"), { code: "EIO" }))).toBe(true);
    expect(storage.problem?.code).toBe("diskFull");
    const mount = unmount();
    await until("it is gone", patienceMs, () => storage.problem?.code === "mountMissing");
    owed = 0;
    mount();
    await again;
    expect(storage.problem).toBeNull();
    expect(told).toEqual(["diskFull", "mountMissing", null]);
  },
);
