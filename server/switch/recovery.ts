/** Waits before each attempt of recovery, in milliseconds: at once after a loss, then ever more patiently (DESIGN). */
const delaysMs = [0, 1000, 2000, 5000, 10_000, 30_000] as const;

/** Wait before attempt `attempt` (from 0), in milliseconds; the last one stands for all that follow. */
export function recoveryDelayMs(attempt: number): number {
  return delaysMs[Math.min(attempt, delaysMs.length - 1)] ?? 30_000;
}

/**
 * The camera that attempt `attempt` tries: first the one that was live, at once and again after a second, then the
 * usable cameras in turn. `usable` may be empty or lack the preferred one: then there is nothing better than it.
 */
export function recoveryTurn(attempt: number, preferred: number, usable: readonly number[]): number {
  const others = usable.filter((camera) => camera !== preferred);
  const turn = usable.includes(preferred) || others.length === 0 ? [preferred, ...others] : others;
  return turn[Math.max(0, attempt - 1) % turn.length] ?? preferred;
}
