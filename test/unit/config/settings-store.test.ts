import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../../../server/config/database.js";
import { layerOf } from "../../../server/config/layer.js";
import { readSources } from "../../../server/config/load.js";
import { settingsSchema } from "../../../server/config/schema.js";
import { SettingsStore } from "../../../server/config/settings-store.js";
import { silentLog } from "../../../server/lib/log.js";

let folder: string;
let database: Database;
const clock = { monotonicMs: () => 0, epochMs: () => 1_800_000_000_123.4 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
  database = new Database(folder, silentLog);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function store(file: object = {}, env: NodeJS.ProcessEnv = {}): SettingsStore {
  const sources = { ...readSources({ env }), file: layerOf(file, "settings.json") };
  return new SettingsStore({ database, sources, clock });
}

test("A7 a change takes effect, survives a restart, and leaves a trace", () => {
  const settings = store();
  const change = { cameras: { profiles: { "0": { width: 1280, height: 720 } } }, rotation: { enabled: true } };
  expect(settings.change(change, "page").changed).toEqual([
    "cameras.profiles.0.width",
    "cameras.profiles.0.height",
    "rotation.enabled",
  ]);
  expect(settings.settings.cameras.profiles["0"]).toMatchObject({ width: 1280, height: 720, fps: 30 });
  const later = store();
  expect(later.settings).toEqual(settings.settings);
  expect(later.origins.get("rotation.enabled")).toBe("database");
  expect(later.history({ limit: 2 })).toEqual([
    { id: 3, at: 1_800_000_000_123, who: "page", path: "rotation.enabled", old: false, new: true },
    { id: 2, at: 1_800_000_000_123, who: "page", path: "cameras.profiles.0.height", old: 480, new: 720 },
  ]);
});

test("what does not differ is no change", () => {
  const settings = store({ rotation: { seconds: 40 } });
  const same = { rotation: { seconds: 40 }, cameras: { profiles: { "3": { width: 640 } } } };
  expect(settings.change(same, "api")).toEqual({ changed: [], ignored: [] });
  expect(settings.history({ limit: 10 })).toEqual([]);
  expect(settings.origins.get("rotation.seconds")).toBe("file");
});

test("history of one key, newest first", () => {
  const settings = store();
  for (const seconds of [10, 20, 30, 40]) settings.change({ rotation: { seconds, enabled: seconds > 15 } }, "api");
  const entries = settings.history({ limit: 2, path: "rotation.seconds" });
  expect(entries.map((entry) => [entry.old, entry.new])).toEqual([
    [30, 40],
    [20, 30],
  ]);
});

test.each([
  [{ rotation: { seconds: 20 }, cameras: { profiles: { "0": { fps: 24 } } } }, "cameras.profiles.0.fps"],
  [{ rotation: { seconds: 20 }, nonsense: 1 }, "nonsense"],
  [{ rotation: { seconds: 20 }, cameras: { order: ["a", "a"] } }, "cameras.order"],
  [
    { rotation: { seconds: 20 }, cameras: { profiles: { "0": { lensPosition: 3 } } } },
    "cameras.profiles.0.lensPosition",
  ],
])("a document with one mistake changes nothing: %j", (document, key) => {
  const settings = store();
  const before = structuredClone(settings.settings);
  const problem = expect.objectContaining({ key }) as unknown;
  expect(() => settings.change(document, "file")).toThrow(
    expect.objectContaining({ code: "badRequest", problems: [problem] }),
  );
  expect(settings.settings).toEqual(before);
  expect(store().settings).toEqual(before);
  expect(settings.history({ limit: 10 })).toEqual([]);
});

test("a contradiction with a value changed before is refused too", () => {
  const settings = store();
  settings.change({ cameras: { profiles: { "0": { focus: "manual", lensPosition: 3 } } } }, "page");
  const attempt = () => settings.change({ cameras: { profiles: { "0": { focus: "auto" } } } }, "page");
  expect(attempt).toThrow(expect.objectContaining({ code: "badRequest" }));
  expect(settings.settings.cameras.profiles["0"]).toMatchObject({ focus: "manual", lensPosition: 3 });
  settings.change({ cameras: { profiles: { "0": { focus: "auto", lensPosition: null } } } }, "page");
  expect(settings.settings.cameras.profiles["0"]).toMatchObject({ focus: "auto", lensPosition: null });
});

test("what the environment sets cannot be changed, and nothing else of the document is", () => {
  const settings = store({}, { SMART_TOGGLE__ROTATION__SECONDS: "60" });
  const attempt = () => settings.change({ rotation: { enabled: true, seconds: 10 } }, "page");
  expect(attempt).toThrow(expect.objectContaining({ code: "setByEnvironment" }));
  expect(settings.settings.rotation).toEqual({ enabled: false, seconds: 60 });
  expect(settings.change({ rotation: { enabled: true, seconds: 60 } }, "page").changed).toEqual(["rotation.enabled"]);
});

test("keys that are read only at the start are named, not taken over", () => {
  const settings = store();
  const result = settings.change(
    { http: { port: 9000 }, hls: { windowSeconds: 10 }, rotation: { seconds: 9 } },
    "file",
  );
  expect(result).toEqual({ changed: ["rotation.seconds"], ignored: ["http.port"] });
  expect(settings.settings.http.port).toBe(8002);
});

test("A7 what is exported is a valid file and restores all on import", () => {
  const settings = store({ nginx: { port: 9001 } });
  settings.change(
    { cameras: { profiles: { "1": { label: "Yard", zoom: { x: 0, y: 0, width: 0.5, height: 0.5 } } } } },
    "page",
  );
  settings.change({ cameras: { order: ["b", "a"] } }, "page");
  const saved = settings.exportAll();
  expect(settingsSchema.parse(saved)).toEqual(settings.settings);
  expect(saved.http).toBeUndefined();
  settings.change(
    { cameras: { order: [], profiles: { "1": { label: "", zoom: null } } }, rotation: { seconds: 99 } },
    "page",
  );
  settings.change(JSON.parse(JSON.stringify(saved)), "file");
  expect(settings.exportAll()).toEqual(saved);
});

test("a stored value that no longer fits is reported and left out", () => {
  database.connection.prepare("INSERT INTO setting VALUES ('rotation.seconds', '1')").run();
  const settings = store();
  expect(settings.ignored.map(({ key }) => key)).toEqual(["rotation.seconds"]);
  expect(settings.settings.rotation.seconds).toBe(30);
  expect(settings.change({ rotation: { enabled: true } }, "page").changed).toEqual(["rotation.enabled"]);
  expect(settings.change({ rotation: { seconds: 31 } }, "page").changed).toEqual(["rotation.seconds"]);
  expect(store().ignored).toEqual([]);
});
