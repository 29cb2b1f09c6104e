import { z } from "zod";
import { celsius, percent, program, seconds } from "./setting-kinds.js";

/** Thresholds of the guard, its times, and where it reads the figures of the machine. */
export const guardSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .meta({ description: "Reduce and stop the picture when the device is too hot or overloaded" }),
  cpuPercent: percent(
    85,
    "CPU of the whole device, averaged over cpuSeconds, above which the picture is reduced; 100: never",
  ),
  cpuSeconds: seconds(10, 1, 300, "Time over which the CPU and the memory are averaged"),
  memoryPercent: percent(90, "Memory of the whole device in use above which the picture is reduced; 100: never"),
  temperatureReduceC: celsius(75, 30, 110, "Temperature from which the picture is reduced"),
  temperatureStopC: celsius(80, 31, 115, "Temperature from which the picture is stopped"),
  temperatureBackC: celsius(5, 1, 30, "The way back begins so far below temperatureReduceC"),
  percentBack: percent(15, "The way back begins so far below cpuPercent and memoryPercent"),
  stopSeconds: seconds(3, 0, 60, "Time above temperatureStopC until the picture is stopped"),
  stepSeconds: seconds(10, 1, 300, "Time that one step is given to help before the next one is taken"),
  lastStepSeconds: seconds(30, 1, 600, "Time on the last reduced step, still overloaded, until the picture is stopped"),
  backSeconds: seconds(
    30,
    1,
    3600,
    "Time of low figures until one step back; doubles with each relapse, to 10 minutes",
  ),
  ownCpuPercent: percent(50, "CPU of our own processes above which there is a warning (A9)"),
  ownMemoryMb: z
    .number()
    .min(50)
    .max(64_000)
    .default(500)
    .meta({ description: "Memory (PSS) of our own processes above which there is a warning (A9)", unit: "MB" }),
  sysfs: z.string().min(1).default("/sys").meta({ description: "Where sysfs is mounted: temperature and voltage" }),
  vcgencmdProgram: program("vcgencmd", "vcgencmd, which tells of throttling on a Raspberry Pi"),
});
