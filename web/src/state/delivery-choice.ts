import { signal } from "@preact/signals";
import { otherDelivery, pickDelivery, type Delivery } from "./delivery.js";

const storageKey = "smart-toggle delivery";

/** What is chosen on this page; a choice by hand is remembered by the browser. */
export const delivery = signal<Delivery>(pickDelivery(remembered()));

export function chooseDelivery(chosen: Delivery): void {
  delivery.value = chosen;
  try {
    localStorage.setItem(storageKey, chosen);
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}

export function toggleDelivery(): void {
  chooseDelivery(otherDelivery(delivery.value));
}

/** For now, and not remembered: nobody chose it. */
export function fallBackToHls(): void {
  delivery.value = "hls";
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
