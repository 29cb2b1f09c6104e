/** B2 load from real programs. The guard looks at the whole machine: no other test may run beside this one. */
import { spawn, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { afterEach, expect, it } from "vitest";
import type { Status } from "../../../server/http/wire.js";
import { Product } from "../../support/product.js";
import { until } from "../../support/until.js";

/** A percent above which only burners bring this machine, and seconds for minutes. */
const guard = {
  ...{ cpuPercent: 97, percentBack: 2, cpuSeconds: 2 },
  ...{ stepSeconds: 2, lastStepSeconds: 3, backSeconds: 1, stopSeconds: 1 },
};

let product: Product | undefined;
const burners: ChildProcess[] = [];

function endBurners(): void {
  for (const burner of burners.splice(0)) burner.kill("SIGKILL");
}

afterEach(async () => {
  endBurners();
  await product?.close();
});

function startBurners(): void {
  for (let n = 0; n < availableParallelism() + 1; n += 1) {
    const args = ["--pdeathsig", "KILL", "--", process.execPath, "-e", "for(;;);"];
    burners.push(spawn("setpriv", args, { stdio: "ignore" }));
  }
}

function seen(it: Product, what: string, withinMs: number, isSo: (status: Status) => boolean): Promise<Status> {
  return until(what, withinMs, async () => {
    const status = await it.status();
    return isSo(status) ? status : null;
  });
}

it("B2 a real burner: the ladder acts, and the live view comes back after it ends", { timeout: 180_000 }, async () => {
  const own = (product = await Product.start({ settings: { guard } }));
  await seen(own, "calm", 60_000, (status) => status.guard.rung === "normal");
  startBurners();
  const acted = await seen(own, "the guard to act", 20_000, (status) => status.guard.level !== "normal");
  expect(acted.guard.reason).toMatchObject({ figure: "cpu", threshold: 97 });
  await seen(own, "the stop", 30_000, (status) => status.guard.level === "stopped");
  endBurners();
  await seen(own, "the way back", 60_000, (status) => status.guard.rung === "normal");
  await seen(
    own,
    "the whole picture",
    20_000,
    ({ channels: [main] }) => main?.standIn === "none" && main.width === 640,
  );
});
