/** What a chaos run was asked to do, from the environment. Pure. */
export interface ChaosPlan {
  readonly seed: number;
  readonly minutes: number;
}

/** SEED (default: 1) decides which blows fall, and when; MINUTES (default: 30) for how long. Throws on a wrong number. */
export function planFrom(env: NodeJS.ProcessEnv): ChaosPlan {
  return { seed: number(env["SEED"], "SEED", 1), minutes: number(env["MINUTES"], "MINUTES", 30) };
}

function number(text: string | undefined, name: string, fallback: number): number {
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, not ${text}.`);
  return value;
}
