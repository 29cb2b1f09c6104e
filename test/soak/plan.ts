/** What a soak was asked to do, from the environment. */
export interface SoakPlan {
  readonly switches: number;
  readonly hours: number;
  /** Bounds of the wait after each switch, in milliseconds. */
  readonly dwellMs: readonly [number, number];
  readonly seed: number;
  /** The product rotates by itself, so many seconds on each camera; null: it is asked for each switch. */
  readonly rotationSeconds: number | null;
  /** Few switches prove that it runs, not that nothing grows. */
  readonly short: boolean;
}

/**
 * SWITCHES=1000 (the default), or HOURS=72, or SHORT=1 for 20 switches; ROTATION=5 with HOURS: by rotation; SEED for other
 * waits. Throws on a wrong number.
 */
export function planFrom(env: NodeJS.ProcessEnv): SoakPlan {
  const seed = number(env["SEED"], "SEED") ?? 1;
  const hours = number(env["HOURS"], "HOURS");
  const short = !["", "0", undefined].includes(env["SHORT"]);
  const rotationSeconds = number(env["ROTATION"], "ROTATION");
  if (rotationSeconds !== null && hours === null) throw new Error("ROTATION needs HOURS.");
  if (hours !== null) {
    return { switches: Infinity, hours, dwellMs: [1000, 30_000], seed, short: false, rotationSeconds };
  }
  const switches = number(env["SWITCHES"], "SWITCHES") ?? (short ? 20 : 1000);
  return { switches, hours: Infinity, dwellMs: [0, 1000], seed, short, rotationSeconds };
}

function number(text: string | undefined, name: string): number | null {
  if (text === undefined || text === "") return null;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, not ${text}.`);
  return value;
}
