import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { ResourceMonitor } from "../../../server/guard/resources/resource-monitor.js";
import type { Resources } from "../../../server/guard/resources/resources.js";
import { systemClock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { descendantsOf, isGone, listProcesses } from "../../../server/process/process-table.js";
import { SimulatedPi } from "../../support/simulated-pi.js";
import { until } from "../../support/until.js";

let pi: SimulatedPi;
let monitor: ResourceMonitor;

beforeEach(() => {
  pi = new SimulatedPi();
  const { sysfs, vcgencmdProgram } = pi.guard;
  const folders = { live: pi.directory, state: pi.directory };
  // Faster than in the product, so that the test is; a sample takes 200 ms.
  const options = { ...folders, sysfs, vcgencmdProgram, clock: systemClock, log: silentLog, intervalMs: 250 };
  monitor = new ResourceMonitor(options);
});

afterEach(() => {
  monitor.close();
  pi.close();
});

const sample = (what: string, is: (latest: Resources) => boolean): Promise<Resources> =>
  until(what, 15_000, () => (monitor.latest !== null && is(monitor.latest) ? monitor.latest : null));

const vcgencmds = () =>
  descendantsOf(process.pid, listProcesses()).filter((one) => !isGone(one) && ["vcgencmd", "sleep"].includes(one.name));

describe("B1 a Raspberry Pi's figures", () => {
  it("are its temperature and its throttling, now and since boot", async () => {
    const calm = await sample("both figures", (one) => one.throttling !== null && one.temperatureC !== null);
    expect(calm.temperatureC).toBe(50);
    expect(calm.throttling?.now.throttled).toBe(false);
    pi.temperature(81.2);
    pi.throttled({ throttled: true, softTemperatureLimit: true });
    const hot = await sample("the heat", (one) => one.throttling?.now.throttled === true && one.temperatureC === 81.2);
    expect(hot.unknown).toEqual({});
    pi.throttled({});
    const after = await sample("calm again", (one) => one.throttling?.now.throttled === false);
    expect(after.throttling?.sinceBoot).toEqual({
      ...{ underVoltage: false, frequencyCapped: false, throttled: true, softTemperatureLimit: true },
    });
  });

  it("know of under-voltage from the kernel too, with and without vcgencmd", async () => {
    await sample("calm", (one) => one.throttling?.now.underVoltage === false);
    pi.underVoltageAlarm(true);
    await sample("the alarm", (one) => one.throttling?.now.underVoltage === true);
    pi.break("vcgencmd", "missing");
    const alone = await sample("the alarm alone", (one) => one.throttling?.now.throttled === null);
    expect(alone.throttling?.now.underVoltage).toBe(true);
    expect(alone.unknown["throttling"]).toContain("is not installed");
  });

  it.each([
    ["missing", "no temperature sensor"],
    ["garbage", "nothing sensible"],
    ["error", "EISDIR"],
    ["hang", "takes too long"],
  ] as const)("a sensor that is %s is unknown with a reason, holds up nothing, and comes back", async (how, why) => {
    await sample("a temperature", (one) => one.temperatureC === 50);
    pi.break("thermal", how);
    const told = (one: Resources) => one.temperatureC === null && one.unknown["temperatureC"]?.includes(why) === true;
    await sample("no temperature, with the reason", told);
    const before = monitor.samples;
    const startMs = performance.now();
    await until("three more samples", 10_000, () => monitor.samples >= before + 3);
    expect(performance.now() - startMs).toBeLessThan(2500);
    expect(monitor.latest?.cpuPercent).not.toBeNull();
    pi.temperature(55);
    await sample("a temperature again", (one) => one.temperatureC === 55);
  });

  it.each([
    ["garbage", "throttled=0xHOT"],
    ["error", "VCHI initialization failed"],
    ["hang", "did not answer within 1.5 s"],
  ] as const)("a vcgencmd that gives: %s is unknown with a reason, and comes back", async (how, why) => {
    pi.removeVoltageAlarm();
    await sample("its flags", (one) => one.throttling !== null);
    pi.break("vcgencmd", how);
    const told = (one: Resources) => one.throttling === null && one.unknown["throttling"]?.includes(why) === true;
    await sample("no flags, with the reason", told);
    expect(vcgencmds().length).toBeLessThanOrEqual(1);
    pi.mend("vcgencmd");
    await sample("its flags again", (one) => one.throttling?.now.throttled === false);
  });

  test("a vcgencmd that hangs does not outlive the monitor", async () => {
    pi.break("vcgencmd", "hang");
    await until("it hangs", 5000, () => vcgencmds().length === 1);
    monitor.close();
    await until("it is gone", 1000, () => vcgencmds().length === 0);
  });
});

test("the stand-in answers as vcgencmd does", async () => {
  expect(existsSync(pi.guard.vcgencmdProgram)).toBe(true);
  expect(readFileSync(join(pi.guard.sysfs, "class/thermal/thermal_zone0/type"), "latin1")).toBe("cpu-thermal\n");
  const [first] = (await once(monitor, "sample")) as [Resources];
  expect(first.temperatureC).toBe(50);
});
