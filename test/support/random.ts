/** Numbers from 0 to 1 that are the same in every run with the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many waits between the two bounds, the same in every run with the same seed. Milliseconds. */
export function shuffledDwells(count: number, [least, most]: readonly [number, number], seed = 1): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => Math.round(least + random() * (most - least)));
}
