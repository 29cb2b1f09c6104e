/**
 * What a Raspberry Pi says of its heat and power, in a folder of its own: a sysfs tree and a `vcgencmd`. `guard` are the
 * settings that make the product read it. Whoever makes it closes it.
 *
 *   sys/class/thermal/thermal_zone0/{type,temp}             the processor, in millidegrees
 *   sys/class/hwmon/hwmon0/{name,in0_lcrit_alarm}           rpi_volt: 1 while the voltage is too low
 *   vcgencmd                                                get_throttled and nothing else
 *
 * Setting a value mends what was broken. Files are replaced whole: a reader never sees half of one.
 */
import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PiFlags {
  readonly underVoltage?: boolean;
  readonly frequencyCapped?: boolean;
  readonly throttled?: boolean;
  readonly softTemperatureLimit?: boolean;
}

/** `error`: the sensor, or the firmware, refuses to answer. `hang`: it never answers. */
export type Breakage = "missing" | "garbage" | "hang" | "error";

/** In sh, because it runs every two seconds beside tests that measure CPU. $0.state: how it answers, and the bits. */
const vcgencmd = `#!/bin/sh
read -r how bits <"$0.state"
if [ "$1" != get_throttled ]; then
  echo 'error=1 error_msg="Command not registered"'
  exit 255
fi
case "$how" in
  answer) echo "throttled=$bits" ;;
  garbage) echo "throttled=0xHOT" ;;
  error) echo "VCHI initialization failed" && exit 255 ;;
  hang) exec sleep 3600 ;;
esac
`;

function bitsOf(flags: PiFlags): number {
  const { underVoltage, frequencyCapped, throttled, softTemperatureLimit } = flags;
  return [underVoltage, frequencyCapped, throttled, softTemperatureLimit].reduce(
    (bits, flag, place) => (flag === true ? bits | (1 << place) : bits),
    0,
  );
}

export class SimulatedPi {
  readonly directory = mkdtempSync(join(tmpdir(), "pi-"));
  /** For the section `guard` of the settings. */
  readonly guard: { readonly sysfs: string; readonly vcgencmdProgram: string };
  readonly #zone: string;
  readonly #volt: string;
  #temperature = "";
  #isHanging = false;
  #now = 0;
  #sinceBoot = 0;

  /** At 50 °C, with enough voltage and nothing to complain about. */
  constructor() {
    this.guard = { sysfs: join(this.directory, "sys"), vcgencmdProgram: join(this.directory, "vcgencmd") };
    this.#zone = join(this.guard.sysfs, "class/thermal/thermal_zone0");
    this.#volt = join(this.guard.sysfs, "class/hwmon/hwmon0");
    mkdirSync(this.#zone, { recursive: true });
    mkdirSync(this.#volt, { recursive: true });
    writeFileSync(join(this.#zone, "type"), "cpu-thermal\n");
    writeFileSync(join(this.#volt, "name"), "rpi_volt\n");
    this.temperature(50);
    this.throttled({});
  }

  /** Of the processor, in degrees Celsius. */
  temperature(celsius: number): void {
    this.#temperature = `${Math.round(celsius * 1000)}\n`;
    this.mend("thermal");
  }

  /** What holds now; as in the firmware, each flag is remembered until the next boot. */
  throttled(flags: PiFlags): void {
    this.#now = bitsOf(flags);
    this.#sinceBoot |= this.#now;
    this.mend("vcgencmd");
    this.underVoltageAlarm(flags.underVoltage === true);
  }

  /** The kernel's own alarm alone (`throttled` sets it too). */
  underVoltageAlarm(on: boolean): void {
    replace(join(this.#volt, "in0_lcrit_alarm"), on ? "1\n" : "0\n");
  }

  /** Takes rpi_volt away, as on a kernel that lacks its driver. */
  removeVoltageAlarm(): void {
    rmSync(this.#volt, { recursive: true, force: true });
  }

  break(what: "thermal" | "vcgencmd", how: Breakage): void {
    if (what === "thermal") this.#breakThermal(how);
    else if (how === "missing") rmSync(this.guard.vcgencmdProgram, { force: true });
    else this.#vcgencmdAnswers(how);
  }

  /** As it was before `break`. */
  mend(what: "thermal" | "vcgencmd"): void {
    if (what === "vcgencmd") {
      this.#vcgencmdAnswers("answer");
      replace(this.guard.vcgencmdProgram, vcgencmd, 0o755);
      return;
    }
    this.#letGo();
    mkdirSync(this.#zone, { recursive: true });
    replace(this.#temp, this.#temperature);
  }

  /** As after a reboot: nothing is remembered. */
  reboot(): void {
    this.#sinceBoot = 0;
    this.throttled({});
  }

  close(): void {
    this.#letGo();
    rmSync(this.directory, { recursive: true, force: true });
  }

  get #temp(): string {
    return join(this.#zone, "temp");
  }

  #breakThermal(how: Breakage): void {
    this.#letGo();
    rmSync(this.#zone, { recursive: true, force: true });
    if (how === "missing") return;
    mkdirSync(this.#zone, { recursive: true });
    if (how === "garbage") writeFileSync(this.#temp, "n/a\n");
    else if (how === "error") mkdirSync(this.#temp);
    else this.#makeHang();
  }

  /** Whoever opens a FIFO to read it waits until somebody opens it to write. */
  #makeHang(): void {
    const { status } = spawnSync("mkfifo", [this.#temp]);
    if (status !== 0) throw new Error("mkfifo failed.");
    this.#isHanging = true;
  }

  /** Readers that hang in the FIFO get its end. */
  #letGo(): void {
    if (!this.#isHanging) return;
    this.#isHanging = false;
    try {
      closeSync(openSync(this.#temp, constants.O_WRONLY | constants.O_NONBLOCK));
    } catch {
      // Nobody reads it.
    }
    rmSync(this.#temp, { force: true });
  }

  #vcgencmdAnswers(how: string): void {
    const bits = `0x${((this.#sinceBoot << 16) | this.#now).toString(16)}`;
    replace(`${this.guard.vcgencmdProgram}.state`, `${how} ${bits}\n`);
  }
}

function replace(path: string, content: string, mode = 0o644): void {
  // What stands there may be a folder, put there by `break`.
  rmSync(`${path}.new`, { recursive: true, force: true });
  writeFileSync(`${path}.new`, content, { mode });
  try {
    renameSync(`${path}.new`, path);
  } catch {
    rmSync(path, { recursive: true });
    renameSync(`${path}.new`, path);
  }
}
