const delaysMs = [500, 1000, 2000, 4000] as const;
const longestMs = 5000;

/** Pause before attempt number `attempt` (from 0), in milliseconds: grows to 5 s, and never gives up. */
export function retryDelayMs(attempt: number): number {
  return delaysMs[attempt] ?? longestMs;
}
