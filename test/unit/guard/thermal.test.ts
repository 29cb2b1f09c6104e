import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { known } from "../../../server/lib/measured.js";
import { parseMillidegrees, readTemperature } from "../../../server/guard/resources/thermal.js";
import { SimulatedPi } from "../../support/simulated-pi.js";

describe("millidegrees", () => {
  it.each([
    ["51540\n", 51.54],
    ["-4000", -4],
    ["110000\n", 110],
    ["0\n", null],
    ["", null],
    ["n/a\n", null],
    ["5e4", null],
    ["-273000", null],
    ["2147483", null],
    ["99999999", null],
  ])("%j is %s", (text, celsius) => {
    expect(parseMillidegrees(text)).toBe(celsius);
  });

  it("are known within what a processor can have, and 0 is never made up", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const celsius = parseMillidegrees(text);
        expect(celsius === null || (celsius > -60 && celsius < 200 && celsius !== 0)).toBe(true);
      }),
    );
  });
});

describe("B1 the temperature of a machine", () => {
  let pi: SimulatedPi;

  beforeEach(() => {
    pi = new SimulatedPi();
  });

  afterEach(() => {
    pi.close();
  });

  const addZone = (name: string, temp: string): void => {
    const folder = join(pi.guard.sysfs, "class/thermal", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "temp"), temp);
  };
  const addSensor = (name: string, driver: string, temp: string): void => {
    const folder = join(pi.guard.sysfs, "class/hwmon", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "name"), `${driver}\n`);
    writeFileSync(join(folder, "temp1_input"), temp);
  };
  const read = () => readTemperature(pi.guard.sysfs);

  test("is that of its zone", async () => {
    expect(await read()).toEqual(known(50));
    pi.temperature(61.327);
    expect(await read()).toEqual(known(61.327));
  });

  test("is the hottest of all zones; what cools or does not work is left out", async () => {
    addZone("thermal_zone1", "72500");
    addZone("thermal_zone2", "0");
    addZone("cooling_device0", "99000");
    expect(await read()).toEqual(known(72.5));
  });

  test("comes from the processor's own sensor too, from no disk's", async () => {
    addSensor("hwmon1", "coretemp", "83000");
    addSensor("hwmon2", "nvme", "91000");
    expect(await read()).toEqual(known(83));
    pi.break("thermal", "missing");
    expect(await read()).toEqual(known(83));
  });

  test.each([
    ["missing", "This machine has no temperature sensor."],
    ["garbage", "says nothing sensible."],
    ["error", "cannot be read (EISDIR)."],
  ] as const)("is unknown with a reason when the sensor is: %s", async (how, why) => {
    pi.break("thermal", how);
    expect(await read()).toEqual({ known: false, why: expect.stringContaining(why) as string });
    pi.mend("thermal");
    expect(await read()).toEqual(known(50));
  });
});
