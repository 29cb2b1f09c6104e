import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { IncidentPage } from "../../../server/http/wire-protection.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { isGone, listProcesses } from "../../../server/process/process-table.js";
import { testMarker } from "../../support/marked-processes.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

const settings = { cameras: quickCameras };
let product: Product | undefined;

afterEach(async () => {
  await product?.close();
  product = undefined;
});

const start = async (): Promise<Product> => (product = await Product.start({ settings, supervised: true }));

/** The controller below a supervisor; undefined while there is none. */
function controllerOf(supervisor: number | undefined): number | undefined {
  return listProcesses().find((one) => one.parentPid === supervisor && !isGone(one))?.pid;
}

async function nextController(it: Product, former: number | undefined, timeoutMs: number): Promise<number> {
  return until("another controller", timeoutMs, () => {
    const now = controllerOf(it.pid);
    return now === former ? undefined : now;
  });
}

/** Milliseconds from now to a live picture of another controller than this. */
async function msToPicture(it: Product, former: number | undefined, timeoutMs: number): Promise<number> {
  const startMs = performance.now();
  await nextController(it, former, timeoutMs);
  await it.waitUntilReady();
  return performance.now() - startMs;
}

async function incidentCodes(it: Product): Promise<Record<string, string>> {
  const { incidents } = (await it.api<IncidentPage>("/api/incidents")).body;
  return Object.fromEntries(incidents.map(({ code, message }) => [code, message]));
}

describe("B3 the supervisor of `make run`", () => {
  it("has a picture again within ten seconds after kill -9 of the controller, and the reason is named", async () => {
    const it = await start();
    const former = controllerOf(it.pid);
    process.kill(former ?? 0, "SIGKILL");
    expect(await msToPicture(it, former, 10_000)).toBeLessThan(10_000);
    expect((await incidentCodes(it))["controllerKilled"]).toContain("killed by SIGKILL");
    expect(readFileSync(join(it.directory, "log.jsonl"), "utf8")).toContain("supervisor: the controller was killed");
  });

  it("replaces a controller whose event loop stands still, and names it", async () => {
    const it = await start();
    const former = controllerOf(it.pid);
    process.kill(former ?? 0, "SIGSTOP");
    expect(await msToPicture(it, former, 20_000)).toBeLessThan(20_000);
    expect((await incidentCodes(it))["controllerUnresponsive"]).toMatch(/did not respond for 1\d s/);
  });

  it("leaves a controller alone that stood still for a moment; that is noted too", async () => {
    const it = await start();
    const former = controllerOf(it.pid) ?? 0;
    process.kill(former, "SIGSTOP");
    await wait(3000);
    process.kill(former, "SIGCONT");
    const codes = await until("the incident", 10_000, async () => {
      const found = await incidentCodes(it);
      return "controllerBlocked" in found ? found : null;
    });
    expect(codes["controllerBlocked"]).toMatch(/stood still for [23]\.\d s/);
    expect(controllerOf(it.pid)).toBe(former);
  });

  it("never gives up: a controller killed three times in a row is there again", async () => {
    const it = await start();
    let former: number | undefined;
    for (let n = 0; n < 3; n++) {
      former = await nextController(it, former, 15_000);
      process.kill(former, "SIGKILL");
    }
    expect(await msToPicture(it, former, 15_000)).toBeLessThan(15_000);
  });
});

describe("what no new start would mend ends the supervisor with the controller's code", () => {
  it("2 for a wrong configuration, said once", async () => {
    const it = (product = await Product.prepare({ settings, supervised: true }));
    writeFileSync(join(it.directory, "settings.json"), `{"htp": {}}`);
    it.spawn();
    expect(await it.ended).toMatchObject({ code: 2 });
    expect(it.logTail().match(/problem with the settings/g)).toHaveLength(1);
  });

  it("1 for a port that is taken", async () => {
    const it = (product = await Product.prepare({ settings, supervised: true }));
    const port = Number(new URL(it.url).port);
    const holder = createServer().listen(port, "127.0.0.1");
    await once(holder, "listening");
    it.spawn();
    expect(await it.ended).toMatchObject({ code: 1 });
    expect(it.logTail()).toContain(`Port ${port} (nginx.port) is taken`);
    await once(holder.close(), "close");
  });
});

describe("I5 nothing is left", () => {
  it("after SIGTERM, in time and with exit code 0", async () => {
    const it = await start();
    process.kill(it.pid ?? 0, "SIGTERM");
    const startMs = performance.now();
    expect(await it.ended).toMatchObject({ code: 0 });
    expect(performance.now() - startMs).toBeLessThan(3000);
    expect(it.processes()).toEqual([]);
  });

  it("after Ctrl+C, which the terminal sends to the whole group: the controller stops once, in order", async () => {
    const it = (product = await Product.prepare({ settings }));
    const main = join(packageRoot, "dist/server/main.js");
    const args = [main, "supervise", "--config", join(it.directory, "settings.json")];
    const env = { ...process.env, [testMarker]: it.marker };
    const supervisor = spawn(process.execPath, args, { cwd: it.directory, env, detached: true, stdio: "ignore" });
    await until("the picture", 15_000, async () => (await fetch(`${it.url}/readyz`).catch(() => null))?.ok);
    process.kill(-(supervisor.pid ?? 0), "SIGINT");
    expect(await once(supervisor, "exit")).toEqual([0, null]);
    expect(it.processes()).toEqual([]);
  });

  it("after kill -9 of the supervisor itself", async () => {
    const it = await start();
    await it.kill9();
    await until("the end of all others", 3000, () => it.processes().length === 0);
  });

  it("after a stop while the controller stands still", async () => {
    const it = await start();
    process.kill(controllerOf(it.pid) ?? 0, "SIGSTOP");
    // The supervisor kills it after 2.9 s; without that it would never end.
    await it.stop();
    await until("the end of all others", 3000, () => it.processes().length === 0);
  });
});
