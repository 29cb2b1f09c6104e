import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../../../server/config/database.js";
import { StateManager } from "../../../server/config/state-manager.js";
import { silentLog } from "../../../server/lib/log.js";
import { packageRoot } from "../../../server/lib/package-root.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a second process with the same state is refused; kill -9 of the first frees it, with all it had written", async () => {
  const path = (file: string): string => JSON.stringify(join(packageRoot, "dist/server", file));
  const script = `
    import { Database } from ${path("config/database.js")};
    import { StateManager } from ${path("config/state-manager.js")};
    import { silentLog } from ${path("lib/log.js")};
    const state = new StateManager(new Database(${JSON.stringify(folder)}, silentLog));
    state.activeCamera = 1;
    console.log(state.nextGeneration());
    setInterval(() => undefined, 1000);`;
  const args = ["--input-type=module", "-e", script];
  const first = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(first, "exit");
  try {
    await once(first.stdout, "data");
    expect(() => new Database(folder, silentLog)).toThrow(expect.objectContaining({ code: "alreadyRunning" }));
  } finally {
    first.kill("SIGKILL");
    await exited;
  }
  const database = new Database(folder, silentLog);
  const state = new StateManager(database);
  expect(state.activeCamera).toBe(1);
  expect(state.nextGeneration()).toBeGreaterThan(1);
  database.close();
});
