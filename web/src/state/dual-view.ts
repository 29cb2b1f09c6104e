import { signal } from "@preact/signals";

/** What this browser shows in dual mode: all cameras side by side, or one of them large. */
export type DualView = "both" | number;

const storageKey = "smart-toggle dual view";

/** The one that the browser remembers, else side by side. */
export function pickDualView(remembered: string | null): DualView {
  return remembered !== null && /^[0-7]$/.test(remembered) ? Number(remembered) : "both";
}

export const dualView = signal<DualView>(pickDualView(remembered()));

/** For this browser alone: the service is not asked. */
export function chooseDualView(view: DualView): void {
  dualView.value = view;
  try {
    localStorage.setItem(storageKey, String(view));
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}

/** A camera's button makes it large; pressed again, both are shown again. */
export function pressCamera(camera: number): void {
  chooseDualView(dualView.value === camera ? "both" : camera);
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
