/** Who uses this page, and what they may do. */
import { computed, signal } from "@preact/signals";
import type { Role, SessionView } from "../../../server/http/wire-accounts.js";

/** As the service last said; null: not asked yet. */
export const session = signal<SessionView | null>(null);

/** Somebody was signed in on this page, and is not any more. */
export const sessionEnded = signal(false);

/** The one-time token of a set-up link; null: the page was opened by another address. */
export const setUpToken = signal<string | null>(null);

/** The service knows nobody here. While it was not asked yet, nothing is said. */
export const isSignedOut = computed(() => session.value !== null && session.value.role === null);

/** Nothing of the cameras is on the page: nobody is signed in, or the administrator is being made. */
export const isAway = computed(() => isSignedOut.value || setUpToken.value !== null);

const order: readonly Role[] = ["viewer", "operator", "administrator"];

/** Whether the role of this page is enough; false until it is known. What may not be used is not shown. */
export function may(least: Role): boolean {
  const role = session.value?.role ?? null;
  return role !== null && order.indexOf(role) >= order.indexOf(least);
}

/** Takes in what the service says of the session. */
export function noteSession(view: SessionView): void {
  if (view.role !== null) sessionEnded.value = false;
  else if (isSignedIn(session.peek())) sessionEnded.value = true;
  session.value = view;
}

/** The service answered that nobody is signed in. */
export function noteSignedOut(): void {
  const known = session.peek();
  if (isSignedIn(known)) noteSession({ ...known, role: null, name: null, expiresAt: null });
}

function isSignedIn(view: SessionView | null): view is SessionView {
  return view !== null && view.role !== null;
}
