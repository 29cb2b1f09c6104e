import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillView } from "../../../server/http/wire-protection.js";
import type { Problem } from "../../../server/http/wire.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

const run = promisify(execFile);

/** The guard's way back takes seconds, and the load of the drill itself is no reason for it. */
const settings = {
  cameras: quickCameras,
  guard: { stopSeconds: 1, stepSeconds: 1, backSeconds: 1, cpuPercent: 100, memoryPercent: 100 },
} as const;

let product: Product;

beforeAll(async () => {
  product = await Product.start({ settings });
});

afterAll(() => product.close());

/** The command as a person runs it. */
async function drill(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  const config = join(product.directory, "settings.json");
  const command = [join(packageRoot, "dist/server/main.js"), "drill", ...args, "--config", config];
  try {
    return { code: 0, stdout: (await run(process.execPath, command)).stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, stdout: stderr };
  }
}

async function ended(): Promise<DrillView> {
  return until("the end of the drills", 50_000, async () => {
    const { body } = await product.api<DrillView | null>("/api/drills");
    return body !== null && body.endedAt !== null ? body : null;
  });
}

describe("drills on the live system", () => {
  it("all pass, with the time to a picture, and leave nothing behind", async () => {
    const watch = product.watchSources();
    const { code, stdout } = await drill("--json");
    const view = JSON.parse(stdout) as DrillView;
    expect(code, stdout).toBe(0);
    expect(view.results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["killSource", "passed"],
      ["killEncoder", "passed"],
      ["switchUnderLoad", "passed"],
      ["freezeSource", "passed"],
      ["overheat", "passed"],
    ]);
    for (const { pictureMs, limitMs } of view.results) {
      expect(pictureMs).toBeGreaterThan(0);
      expect(pictureMs).toBeLessThanOrEqual(limitMs);
    }
    const { guard, channels } = await product.status();
    expect(guard.level).toBe("normal");
    await until("that no figure is simulated", 5000, async () => {
      const { resources } = await product.status();
      return resources?.simulated.length === 0;
    });
    expect(channels[0]?.standIn).toBe("none");
    expect(watch.report().violations).toEqual([]);
    expect(product.processes().filter(({ name }) => name === "ffmpeg")).toHaveLength(1);
  });

  it("are refused while others run, and are told apart by name", async () => {
    expect((await product.api<DrillView>("/api/drills", { names: ["killEncoder"] })).status).toBe(202);
    const second = await product.api<Problem>("/api/drills", {});
    expect(second).toMatchObject({ status: 409, body: { code: "drillRunning" } });
    expect((await ended()).results.map(({ name }) => name)).toEqual(["killEncoder"]);
    expect(await product.api<Problem>("/api/drills", { names: ["earthquake"] })).toMatchObject({ status: 400 });
    expect(await drill("earthquake")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("killSource") as string,
    });
  });

  it("are refused while the cameras are off, and change nothing", async () => {
    await product.api("/api/mode", { mode: "off" }, "PUT");
    const refused = await product.api<Problem>("/api/drills", {});
    expect(refused).toMatchObject({ status: 409, body: { code: "modeForbids" } });
    await product.api("/api/mode", { mode: "toggle" }, "PUT");
    await product.waitUntilReady();
  });

  it("are broken off when the service stops, and what was halted dies with it", async () => {
    await product.api("/api/drills", { names: ["freezeSource"] });
    await until("the drill", 10_000, async () => {
      const { drill: view } = await product.status();
      return view?.results[0]?.outcome === "running";
    });
    expect((await product.stop()).code).toBe(0);
    await until("the end of all children", 3000, () => product.processes().length === 0);
    await product.launch();
  });
});
