import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unknownList, withFirstPage, withItem, withNextPage, type Listed } from "../../../../web/src/state/listed.js";

interface Item {
  readonly id: number;
  readonly state?: string;
}
const list = (ids: readonly number[], next: number | null = null): Listed<Item> => ({
  items: ids.map((id) => ({ id })),
  next,
  known: true,
});
const ids = ({ items }: Listed<Item>) => items.map(({ id }) => id);

describe("a list that comes page by page", () => {
  it("is not known before its first page", () => {
    expect(unknownList.known).toBe(false);
    expect(withFirstPage<Item>(unknownList, { items: [], next: null }).known).toBe(true);
  });

  it("keeps what was heard while the first page was on its way", () => {
    const heard = withItem<Item>(unknownList, { id: 9 });
    expect(ids(withFirstPage(heard, { items: [{ id: 8 }, { id: 7 }], next: 7 }))).toEqual([9, 8, 7]);
  });

  it("has no hole after the first page was asked for again", () => {
    const old = list([5, 4, 3], 3);
    expect(withFirstPage(old, { items: [{ id: 30 }, { id: 29 }], next: 29 })).toEqual(list([30, 29], 29));
  });

  it("takes a newer state of what it lists, and leaves out what lies beyond its end", () => {
    const changed = withItem(list([5, 4], 4), { id: 5, state: "over" });
    expect(changed.items[0]).toEqual({ id: 5, state: "over" });
    expect(ids(withItem(list([5, 4], 4), { id: 2 }))).toEqual([5, 4]);
    expect(ids(withItem(list([5, 4], null), { id: 2 }))).toEqual([5, 4, 2]);
  });

  it("stays sorted, each item once, whatever comes", () => {
    const page = fc.array(fc.integer({ min: 0, max: 50 }).map((id) => ({ id })));
    fc.assert(
      fc.property(page, page, page, (first, second, events) => {
        let known = withNextPage(withFirstPage<Item>(unknownList, { items: first, next: 1 }), {
          items: second,
          next: null,
        });
        for (const event of events) known = withItem(known, event);
        const shown = ids(known);
        expect(shown).toEqual([...new Set(shown)].sort((a, b) => b - a));
      }),
    );
  });
});
