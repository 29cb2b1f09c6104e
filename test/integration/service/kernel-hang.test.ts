/** A camera's program that hangs in the kernel (D state): nothing can end it, so a person must be told, and the other camera shown. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { writeSimulation } from "../../../server/camera/simulated/simulation.js";
import type { Receipt, SwitchProblem } from "../../../server/http/wire.js";
import type { IncidentPage } from "../../../server/http/wire-protection.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { FailingDisk } from "../../support/failing-disk.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

const programs = join(packageRoot, "dist/server/camera/simulated");

let directory = "";
let disk: FailingDisk | undefined;
let product: Product | undefined;
let isFrozen = false;

afterEach(async () => {
  if (isFrozen) disk?.thaw();
  await product?.close();
  disk?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A stand-in for a program of rpicam that first does something else. */
function standIn(program: string, first = ""): string {
  const path = join(directory, `${program}.mjs`);
  const simulation = `process.env.SMART_TOGGLE_SIM = ${JSON.stringify(directory)};`;
  const rest = `await import(${JSON.stringify(join(programs, `${program}.js`))});`;
  writeFileSync(path, [`#!${process.execPath}`, 'import fs from "node:fs";', simulation, first, rest].join("\n"));
  chmodSync(path, 0o755);
  return path;
}

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, "latin1");
const stateOf = (pid: number): string =>
  /^State:\t(\w)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "";

async function switchTo(it: Product, camera: number): Promise<Receipt> {
  return (await it.api<Receipt>("/api/switch", { camera })).body;
}

describe.skipIf(!FailingDisk.isPossible())("B3 a camera that hangs in the kernel", () => {
  it("is named with what a person must do, leaves the other camera to be shown, and comes back when it is let go", async () => {
    const card = (disk = new FailingDisk());
    directory = mkdtempSync(join(tmpdir(), "kernel-hang-"));
    await writeSimulation(directory, { count: 2, startMs: 300, stopMs: 50 });
    // Camera 0 writes to a disk all the time: once that stands still, the kernel lets the program go no more.
    const beat = `fs.writeFileSync(${JSON.stringify(join(card.directory, "beat"))}, "");`;
    const cameras = {
      driver: "rpicam" as const,
      vidProgram: standIn(
        "rpicam-vid",
        `if (process.argv[process.argv.indexOf("--camera") + 1] === "0") setInterval(() => { ${beat} }, 50);`,
      ),
      helloProgram: standIn("rpicam-hello"),
      stillProgram: standIn("rpicam-still"),
      profiles: quickCameras.profiles,
    };
    const it = (product = await Product.start({ settings: { cameras } }));
    const hung = it.processes().find(({ pid }) => commandOf(pid).includes("rpicam-vid.mjs"))?.pid ?? 0;

    card.freeze();
    isFrozen = true;
    await until("that it hangs in the kernel", 5000, () => stateOf(hung) === "D");
    const incident = await until("the incident", 30_000, async () => {
      const { incidents } = (await it.api<IncidentPage>("/api/incidents")).body;
      return incidents.find(({ message }) => message.includes("hangs in the kernel"));
    });
    expect(incident).toMatchObject({ code: "cameraNeedsReboot", camera: 0 });
    expect(incident.message).toMatch(/Reboot the device/);
    expect(stateOf(hung)).toBe("D");

    await until("the other camera's picture", 30_000, async () => {
      const [channel] = (await it.status()).channels;
      return channel?.camera === 1 && (channel.frameAgeMs ?? Infinity) < 1000;
    });
    const refused = await it.api<SwitchProblem>("/api/switch", { camera: 0 });
    expect(refused.body.receipt).toMatchObject({ reason: { code: "cameraNeedsReboot" }, live: 1 });
    expect((await it.status()).channels[0]?.camera).toBe(1);

    card.thaw();
    isFrozen = false;
    await until("that it is gone", 10_000, () => it.processes().every(({ pid }) => pid !== hung));
    // The service hears of it a moment later.
    const receipt = await until("a switch to it", 10_000, async () => {
      const answer = await switchTo(it, 0);
      return answer.outcome === "committed" ? answer : null;
    });
    expect(receipt.live).toBe(0);
  });
});
