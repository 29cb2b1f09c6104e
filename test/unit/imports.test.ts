import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../server/lib/package-root.js";
import { importViolations } from "../support/import-rules.js";

function filesOf(...folders: string[]): Map<string, string> {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  const code = paths.filter((path) => /\.tsx?$/.test(path));
  return new Map(code.map((path) => [path, readFileSync(join(packageRoot, path), "utf8")]));
}

const of = (files: Record<string, string>) => importViolations(new Map(Object.entries(files)));

describe("the direction of imports", () => {
  // Reads and parses every file of the tree: seconds, on a busy machine.
  it("holds in the server and the page, and no test or program asks for a shell", { timeout: 60_000 }, () => {
    const files = filesOf("server", "web", "test");
    expect(files.has("server/lib/errors.ts")).toBe(true);
    expect(importViolations(files)).toEqual([]);
  });
});

describe("the rules", () => {
  it("let a folder import what lies below it, and itself", () => {
    expect(
      of({
        "server/main.ts": 'import "./app.js"; import "./ops/nginx.js";',
        "server/app.ts": 'import "./switch/machine.js"; import "./ops/nginx.js";',
        "server/ops/nginx.ts": 'import "../process/child.js"; import "../lib/clock.js";',
        "server/camera/simulated/main.ts": 'import "../frame.js"; import "../../lib/clock.js";',
        "web/src/api.ts": 'import type { Status } from "../../server/http/wire.js"; import { render } from "preact";',
      }),
    ).toEqual([]);
  });

  it("name file, line and rule of an import upwards, of a type too", () => {
    expect(of({ "server/hls/playlist.ts": '\nimport type { Channel } from "../stream/channel.js";' })).toEqual([
      "server/hls/playlist.ts:2: hls may not import stream (server/stream/channel.ts)",
    ]);
  });

  it.each([
    ["server/camera/source.ts", 'import "../hls/playlist.js";', "camera may not import hls"],
    ["server/switch/machine.ts", 'type Frame = import("../guard/policy.js").Policy;', "switch may not import guard"],
    ["server/http/api.ts", 'export * from "../ops/metrics.js";', "http may not import ops"],
    ["server/ops/nginx.ts", 'await import("../hls/playlist.js");', "ops may not import hls"],
    ["server/lib/clock.ts", 'import "../config/schema.js";', "lib may not import config"],
    ["server/other/file.ts", 'import "../lib/clock.js";', "other may not import lib"],
    ["server/live/mjpeg.ts", 'import "../../web/src/api.js";', "which is not of the server"],
    ["web/src/api.ts", 'import { statusSchema } from "../../server/http/wire.js";', "only types"],
    ["web/src/api.ts", 'import type { Frame } from "../../server/camera/frame.js";', "nothing of the server but"],
    ["server/stream/encoder.ts", 'import ffmpeg from "fluent-ffmpeg";', "knows fluent-ffmpeg"],
    ["server/process/child.ts", 'import { exec as run } from "node:child_process";', "imports exec"],
    ["server/process/child.ts", 'import * as processes from "child_process";', "imports * of"],
    ["server/process/child.ts", 'spawn("ls", { shell: true });', "never a shell"],
  ])("refuse in %s: %s", (file, text, rule) => {
    expect(of({ [file]: text })).toEqual([expect.stringContaining(rule)]);
  });

  it("name the files of a cycle", () => {
    const files = {
      "server/lib/a.ts": 'import "./b.js";',
      "server/lib/b.ts": 'import "./c.js";',
      "server/lib/c.ts": 'import "./b.js";',
    };
    expect(of(files)).toEqual(["server/lib/b.ts: cycle server/lib/b.ts → server/lib/c.ts → server/lib/b.ts"]);
  });
});
