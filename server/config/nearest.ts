/** Number of single-letter edits from one text to the other, a swap of neighbours counting as two. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j++) {
      const replace = (row[j - 1] ?? 0) + (from[i] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/**
 * The known key that was probably meant: one of the same last word elsewhere, else the closest spelling within a third
 * of its length; null when none comes near.
 */
export function nearestKey(written: string, known: readonly string[]): string | null {
  const lower = written.toLowerCase();
  const lastWord = lower.slice(lower.lastIndexOf(".") + 1);
  const scored = known.map((key) => ({ key, distance: editDistance(lower, key.toLowerCase()) }));
  const closest = scored.sort((a, b) => a.distance - b.distance)[0];
  if (closest !== undefined && closest.distance <= Math.max(1, Math.floor(written.length / 3))) return closest.key;
  return known.find((key) => key.toLowerCase().endsWith(`.${lastWord}`)) ?? null;
}
