/** What a soak was asked to do, from the environment. */
export interface SoakPlan {
  readonly switches: number;
  readonly hours: number;
  /** Bounds of the wait after each switch, in milliseconds. */
  readonly dwellMs: readonly [number, number];
  readonly seed: number;
  /** Few switches prove that it runs, not that nothing grows. */
  readonly short: boolean;
}

/** SWITCHES=1000 (the default), or HOURS=72, or SHORT=1 for 20 switches; SEED for other waits. Throws on a wrong number. */
export function planFrom(env: NodeJS.ProcessEnv): SoakPlan {
  const seed = number(env["SEED"], "SEED") ?? 1;
  const hours = number(env["HOURS"], "HOURS");
  const short = !["", "0", undefined].includes(env["SHORT"]);
  if (hours !== null) return { switches: Infinity, hours, dwellMs: [1000, 30_000], seed, short: false };
  const switches = number(env["SWITCHES"], "SWITCHES") ?? (short ? 20 : 1000);
  return { switches, hours: Infinity, dwellMs: [0, 1000], seed, short };
}

function number(text: string | undefined, name: string): number | null {
  if (text === undefined || text === "") return null;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, not ${text}.`);
  return value;
}
