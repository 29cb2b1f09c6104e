/** Lists that the service keeps newest first and gives out page by page. Pure. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  /** The `before` of the following page; null when there is none. */
  readonly next: number | null;
  /** The first page was heard. */
  readonly known: boolean;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: number | null;
}

export const unknownList: Listed<never> = { items: [], next: null, known: false };

type WithId = { readonly id: number };

/** The first page anew; only what the page heard of since, and is newer, stays. */
export function withFirstPage<Item extends WithId>(list: Listed<Item>, page: Page<Item>): Listed<Item> {
  const top = page.items[0]?.id ?? -Infinity;
  const newer = list.items.filter(({ id }) => id > top);
  return { items: sorted([...newer, ...page.items]), next: page.next, known: true };
}

/** One page more at the end. */
export function withNextPage<Item extends WithId>(list: Listed<Item>, page: Page<Item>): Listed<Item> {
  return { ...list, items: sorted([...list.items, ...page.items]), next: page.next };
}

/** One item that is new, or a newer state of one that is listed. One of a page not asked for yet is left out. */
export function withItem<Item extends WithId>(list: Listed<Item>, item: Item): Listed<Item> {
  const oldest = list.items.at(-1)?.id ?? -Infinity;
  if (list.next !== null && item.id < oldest) return list;
  return { ...list, items: sorted([...list.items, item]) };
}

/** Newest first, each once, in its latest state. */
function sorted<Item extends WithId>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()].sort((a, b) => b.id - a.id);
}
