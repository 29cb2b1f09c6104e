/** The temperature of the processor from sysfs. The folder is a setting, so that tests can give a Raspberry Pi. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { known, unknown, whyOf, type Measured } from "../../lib/measured.js";

/**
 * Degrees Celsius of a sensor's file, which holds millidegrees. A sensor that reads exactly 0, or what no running
 * processor has, is one that does not work.
 */
export function parseMillidegrees(text: string): number | null {
  const digits = text.trim();
  if (!/^-?\d{1,7}$/.test(digits)) return null;
  const celsius = Number(digits) / 1000;
  return celsius !== 0 && celsius > -60 && celsius < 200 ? celsius : null;
}

/**
 * Sensors of processors that no thermal zone need show, by the name of their driver. Others are left out: a disk or a
 * network card may be hot for reasons that a slower camera does not mend.
 */
const processorDrivers = ["coretemp", "k10temp"];

/** The hottest of the machine's thermal zones and its processor's own sensors. */
export async function readTemperature(sysfs: string): Promise<Measured<number>> {
  const files = [...(await zoneFiles(sysfs)), ...(await processorFiles(sysfs))];
  const readings = await Promise.all(files.map(readSensor));
  const values = readings.flatMap((reading) => (reading.known ? [reading.value] : []));
  if (values.length > 0) return known(Math.max(...values));
  return readings[0] ?? unknown("This machine has no temperature sensor.");
}

async function zoneFiles(sysfs: string): Promise<string[]> {
  const folder = join(sysfs, "class/thermal");
  const zones = (await entriesOf(folder)).filter((name) => name.startsWith("thermal_zone"));
  return zones.map((zone) => join(folder, zone, "temp"));
}

async function processorFiles(sysfs: string): Promise<string[]> {
  const sensors = await hwmonSensors(sysfs);
  return sensors.filter(({ driver }) => processorDrivers.includes(driver)).map(({ path }) => join(path, "temp1_input"));
}

/** Every sensor of hwmon, by its driver. */
export async function hwmonSensors(sysfs: string): Promise<{ driver: string; path: string }[]> {
  const folder = join(sysfs, "class/hwmon");
  const paths = (await entriesOf(folder)).map((name) => join(folder, name));
  return Promise.all(
    paths.map(async (path) => {
      const driver = await readFile(join(path, "name"), "latin1").catch(() => "");
      return { driver: driver.trim(), path };
    }),
  );
}

async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function readSensor(path: string): Promise<Measured<number>> {
  try {
    const celsius = parseMillidegrees(await readFile(path, "latin1"));
    return celsius === null ? unknown(`The sensor at ${path} says nothing sensible.`) : known(celsius);
  } catch (error) {
    return unknown(`The sensor at ${path} cannot be read (${whyOf(error)}).`);
  }
}
