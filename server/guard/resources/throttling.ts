/** What `vcgencmd get_throttled` says, and what the kernel's own alarm adds. Pure. */
import { known, unknown, type Measured } from "../../lib/measured.js";

/** What a Pi says of its power and heat; null is unknown. */
export interface Throttling {
  readonly underVoltage: boolean | null;
  readonly frequencyCapped: boolean | null;
  readonly throttled: boolean | null;
  readonly softTemperatureLimit: boolean | null;
}

/** Now, and at any time since the start of the machine. */
export interface ThrottlingHistory {
  readonly now: Throttling;
  readonly sinceBoot: Throttling;
}

/**
 * Reads its output. Bits 0 to 3: under-voltage, frequency capped, throttled, soft temperature limit; 16 to 19 the same
 * since the start of the machine (Raspberry Pi documentation, “vcgencmd”). All else it writes, as an output or as an
 * error, is the reason why it is unknown.
 */
export function parseThrottled(output: string): Measured<ThrottlingHistory> {
  const hex = /^throttled=0x([0-9a-f]{1,8})$/im.exec(output.trim())?.[1];
  if (hex === undefined) return unknown(`vcgencmd says: ${shortened(output) || "nothing"}.`);
  const bits = Number.parseInt(hex, 16);
  return known({ now: flagsOf(bits), sinceBoot: flagsOf(bits >>> 16) });
}

function flagsOf(bits: number): Throttling {
  const has = (place: number): boolean => (bits & (1 << place)) !== 0;
  return { underVoltage: has(0), frequencyCapped: has(1), throttled: has(2), softTemperatureLimit: has(3) };
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, " ").replace(/\.$/, "");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}

const nothing: Throttling = { underVoltage: null, frequencyCapped: null, throttled: null, softTemperatureLimit: null };

/**
 * Both sources together. The alarm knows of the voltage alone, and only of now: where vcgencmd is unknown, all else stays
 * unknown; an alarm that was seen is since boot as well. `alarm` null: the kernel has none.
 */
export function withAlarm(said: Measured<ThrottlingHistory>, alarm: boolean | null): Measured<ThrottlingHistory> {
  if (alarm === null) return said;
  const { now, sinceBoot } = said.known ? said.value : { now: nothing, sinceBoot: nothing };
  const value = {
    now: { ...now, underVoltage: now.underVoltage === true || alarm },
    sinceBoot: { ...sinceBoot, underVoltage: alarm ? true : sinceBoot.underVoltage },
  };
  return { known: true, value, ...(!said.known && { lacks: `Only the voltage is known. ${said.why}` }) };
}
