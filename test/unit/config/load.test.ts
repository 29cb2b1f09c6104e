import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ConfigProblem } from "../../../server/config/config-error.js";
import { describeSettings, settingsTable } from "../../../server/config/describe.js";
import { loadSettings } from "../../../server/config/load.js";
import { settingsSchema } from "../../../server/config/schema.js";
import { settingKeys } from "../../../server/config/setting-keys.js";
import { loadFrom, problemsOf, type SettingsInputs } from "../../support/load-settings-from.js";

test("without any source every value is the schema's default", () => {
  const { settings, origins, ignored } = loadFrom({});
  expect(settings).toEqual(settingsSchema.parse({}));
  expect(new Set(origins.values())).toEqual(new Set(["default"]));
  expect(ignored).toEqual([]);
});

test("environment stands above the database, that above the file, that above the default", () => {
  const stored = new Map<string, unknown>([
    ["rotation.seconds", 20],
    ["rotation.enabled", true],
  ]);
  const { settings, origins } = loadFrom({
    file: { rotation: { seconds: 10 }, http: { port: 9002 }, hls: { windowSeconds: 12 } },
    stored,
    env: { SMART_TOGGLE__HTTP__PORT: "9102", SMART_TOGGLE__ROTATION__ENABLED: "false" },
  });
  expect(settings.http.port).toBe(9102);
  expect(settings.hls.windowSeconds).toBe(12);
  expect(settings.rotation).toEqual({ enabled: false, seconds: 20 });
  expect(Object.fromEntries(origins)).toMatchObject({
    "http.port": "environment",
    "hls.windowSeconds": "file",
    "rotation.seconds": "database",
    "rotation.enabled": "environment",
    "nginx.port": "default",
  });
});

test("one field of a profile from each source", () => {
  const { settings, origins } = loadFrom({
    file: { cameras: { profiles: { "0": { width: 1280, height: 720 } } } },
    stored: new Map([["cameras.profiles.0.label", "Door"]]),
    env: { SMART_TOGGLE__CAMERAS__PROFILES__0__BITRATE_KBPS: "3000" },
  });
  expect(settings.cameras.profiles["0"]).toMatchObject({ width: 1280, label: "Door", bitrateKbps: 3000, fps: 30 });
  expect(origins.get("cameras.profiles.0.label")).toBe("database");
  expect(origins.get("cameras.profiles.0.fps")).toBe("default");
});

describe("environment", () => {
  test.each<[string, string, string, unknown]>([
    ["SMART_TOGGLE__SWITCH__FIRST_FRAME_MS", "3000", "switch.firstFrameMs", 3000],
    ["SMART_TOGGLE__NGINX__MANAGED", "false", "nginx.managed", false],
    ["SMART_TOGGLE__LOG__LEVEL", "debug", "log.level", "debug"],
    ["SMART_TOGGLE__HTTP__HOSTS", '["a.example","b.example"]', "http.hosts", ["a.example", "b.example"]],
    ["SMART_TOGGLE__PATHS__LIVE", "null", "paths.live", null],
    ["SMART_TOGGLE__PATHS__STATE", "12", "paths.state", "12"],
    ["SMART_TOGGLE__CAMERAS__PROFILES__1__FPS", "15", "cameras.profiles.1.fps", 15],
    ["SMART_TOGGLE__CAMERAS__PROFILES__1__TUNING_FILE", "null", "cameras.profiles.1.tuningFile", null],
    ["SMART_TOGGLE__CAMERAS__PROFILES", '{"1":{"fps":15}}', "cameras.profiles.1.fps", 15],
  ])("%s=%s", (name, text, path, value) => {
    const { settings, origins } = loadFrom({ env: { [name]: text } });
    expect(describeSettings({ settings, origins, ignored: [] }).find(({ key }) => key === path)).toMatchObject({
      value,
      origin: "environment",
    });
  });

  test("a name for one value stands above an object for its whole group", () => {
    const env = { SMART_TOGGLE__HTTP__PORT: "9000", SMART_TOGGLE__HTTP: '{"port":9001,"hosts":["a"]}' };
    expect(loadFrom({ env }).settings.http).toMatchObject({ port: 9000, hosts: ["a"] });
  });

  test("every key can be set by the name that the documentation gives for it", () => {
    for (const { path, fallback } of settingKeys) {
      const concrete = path.replace("*", "3");
      const name = concrete
        .replaceAll(".", "__")
        .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
        .toUpperCase();
      const text = typeof fallback === "string" ? fallback : JSON.stringify(fallback);
      const { origins } = loadFrom({ env: { [`SMART_TOGGLE__${name}`]: text } });
      expect(origins.get(concrete), name).toBe("environment");
    }
  });

  test("other variables are left alone", () => {
    expect(loadFrom({ env: { SMART_TOGGLE_CHILD: "x", SMART_TOGGLE: "y", HTTP__PORT: "1" } }).settings.http.port).toBe(
      8002,
    );
  });
});

describe("problems", () => {
  test("all of them are said at once, each with key, value, place and fix", () => {
    const problems = problemsOf({
      file: {
        http: { prot: 1 },
        nginx: { port: "80" },
        log: { level: "loud" },
        hls: 5,
        cameras: { profiles: { "9": {} } },
      },
      env: { SMART_TOGGLE__SWITCH__DEADLINE_MS: "soon", SMART_TOGGLE__SWICH__STOP_MS: "1" },
    });
    expect(problems.map(({ key }) => key).sort()).toEqual([
      "cameras.profiles.9",
      "hls",
      "http.prot",
      "log.level",
      "nginx.port",
      "swich.stopMs",
      "switch.deadlineMs",
    ]);
    for (const { message, fix, source } of problems) {
      expect(message).not.toBe("");
      expect(fix).toMatch(/\.$|\?$/);
      expect(source).toMatch(/my\.json$|^SMART_TOGGLE__/);
    }
  });

  test.each<[SettingsInputs, Partial<ConfigProblem>]>([
    [{ file: { http: { prot: 1 } } }, { key: "http.prot", value: 1, fix: "Did you mean http.port?" }],
    [{ file: { windowSeconds: 5 } }, { key: "windowSeconds", fix: "Did you mean hls.windowSeconds?" }],
    [{ file: { elephants: 5 } }, { key: "elephants", fix: "Remove it." }],
    [
      { file: { cameras: { profiles: { "0": { widht: 5 } } } } },
      { key: "cameras.profiles.0.widht", fix: "Did you mean cameras.profiles.*.width?" },
    ],
    [{ file: [] }, { key: "settings", message: "must be an object" }],
    [
      { file: { nginx: { port: 70_000 } } },
      {
        key: "nginx.port",
        message: "must be a whole number from 1 to 65535",
        fix: "Set nginx.port, for example to its default 8001.",
      },
    ],
    [
      { file: { cameras: { profiles: { "0": { width: 641 } } } } },
      { message: "must be an even whole number from 160 to 1920" },
    ],
    [
      { file: { cameras: { profiles: { "0": { fps: 24 } } } } },
      { message: "must be one of 5, 10, 15, 20, 25, 30, 50, 60" },
    ],
    [
      { file: { cameras: { profiles: { "0": { bitrateKbps: "x" } } } } },
      { message: "must be a whole number from 100 to 20000, or null" },
    ],
    [{ file: { cameras: { profiles: { "0": { tuningFile: "x.json" } } } } }, { message: "must be an absolute path" }],
    [
      { file: { cameras: { profiles: { "0": { zoom: { x: 0.5, y: 0, width: 0.6, height: 1 } } } } } },
      { key: "cameras.profiles.0.zoom" },
    ],
    [
      { env: { SMART_TOGGLE__NGINX__MANAGED: "yes" } },
      { value: "yes", source: "SMART_TOGGLE__NGINX__MANAGED", message: "must be true or false" },
    ],
    [{ env: { SMART_TOGGLE__HTTP__HOSTS: "[oops" } }, { value: "[oops", message: "must be a list of texts" }],
    [{ env: { SMART_TOGGLE__HTTP: "8002" } }, { key: "http", value: 8002, message: "must be an object" }],
    [{ env: { SMART_TOGGLE__HTTP__PORT: "" } }, { key: "http.port", value: "" }],
  ])("%j", (input, expected) => {
    const problems = problemsOf(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(expected);
  });

  test.each([
    ['{\n  "http": { "port": 8002, }\n}', "line 2, column 27"],
    ['{\n  "http": {\n    "port": 1\n    "hosts": []\n  }\n}', "line 4, column 5"],
    ["{ http: {} }", "line 1, column 3"],
    ["", "line 1, column 1"],
    ['{ "http": {}, "http": {} }', "line 1, column 15"],
    ['{ "log": { "level": "a\tb" } }', "line 1, column 21"],
  ])("malformed JSON is located: %j", (json, place) => {
    expect(problemsOf({ file: json })[0]?.message).toContain(place);
  });

  test("a byte order mark is no mistake", () => {
    expect(loadFrom({ file: '\uFEFF{"http":{"port":9009}}' }).settings.http.port).toBe(9009);
  });

  test("a file named by hand must exist", () => {
    const file = join(tmpdir(), "no-such-folder", "missing.json");
    const attempt = () => loadSettings({ file, env: {} });
    expect(attempt).toThrow(expect.objectContaining({ code: "configInvalid" }));
    expect(attempt).toThrow(/missing\.json.*does not exist/);
  });

  test("the message of the error names every problem on a line of its own", () => {
    try {
      loadFrom({ file: { http: { prot: 1 }, log: { level: "loud" } } });
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message.split("\n")).toHaveLength(3);
      expect((error as Error).message).toContain('log.level = "loud" (');
    }
  });
});

describe("stored values never stand in the way", () => {
  test.each<[string, unknown, object]>([
    ["cameras.profiles.0.fps", 24, {}],
    ["http.port", 9000, {}],
    ["gone.since", 1, {}],
    ["cameras.profiles.0.lensPosition", 2, { cameras: { profiles: { "0": { focus: "auto" } } } }],
  ])("%s = %j", (path, value, file) => {
    const { settings, ignored } = loadFrom({
      file,
      stored: new Map([
        [path, value],
        ["rotation.seconds", 77],
      ]),
    });
    expect(ignored.map(({ key }) => key)).toEqual([path]);
    expect(settings.rotation.seconds).toBe(77);
    expect(settings.http.port).toBe(8002);
  });
});

test("the table shows key, value with unit, origin and description of every setting", () => {
  const loaded = loadFrom({ file: { cameras: { profiles: { "0": { label: "Door" } } } } });
  const lines = settingsTable(describeSettings(loaded)).split("\n");
  expect(lines).toHaveLength(loaded.origins.size + 1);
  expect(lines.find((line) => line.startsWith("switch.deadlineMs "))).toMatch(/5000 ms +default +A switch/);
  expect(lines.find((line) => line.startsWith("cameras.profiles.0.label "))).toMatch(/"Door" +file +Name/);
});
