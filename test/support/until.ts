import { setTimeout as wait } from "node:timers/promises";

/** Asks again and again until the answer is neither null, undefined nor false. Throws after `timeoutMs`. */
export async function until<Answer>(
  what: string,
  timeoutMs: number,
  ask: () => Answer | Promise<Answer>,
  pollMs = 25,
): Promise<NonNullable<Answer>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadlineMs) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await wait(pollMs);
  }
}
