import { setTimeout as wait } from "node:timers/promises";

/**
 * Asks again and again until the answer is neither null, undefined nor false. Throws after `timeoutMs`. Asking the product
 * every 25 ms cost half as much again as its running.
 */
export async function until<Answer>(
  what: string,
  timeoutMs: number,
  ask: () => Answer | Promise<Answer>,
  pollMs = 50,
): Promise<NonNullable<Answer>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadlineMs) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await wait(pollMs);
  }
}
