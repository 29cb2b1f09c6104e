/** The first `limit` rows, and the number from which the next page goes on; null: there is none. Pure. */
export function pageOf<Row extends { readonly id: number }>(
  rows: readonly Row[],
  limit: number,
): { items: Row[]; next: number | null } {
  return { items: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null };
}
