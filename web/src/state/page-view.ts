import { signal } from "@preact/signals";

/** What the page shows: the live picture, or recordings. It stands in the address, so that it can be kept and shared. */
export type PageView = "live" | "recordings";

const viewIn = (hash: string): PageView => (hash.startsWith("#recordings") ? "recordings" : "live");

export const pageView = signal<PageView>(viewIn(location.hash));

addEventListener("hashchange", () => {
  pageView.value = viewIn(location.hash);
});

export const addressOf = (view: PageView): string => (view === "live" ? "#live" : "#recordings");
