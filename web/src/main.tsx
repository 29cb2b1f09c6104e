import { computed, effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.js";
import { loadSession, takeSetUpToken } from "./accounts/session-actions.js";
import { badgeText } from "./components/badge.js";
import { listenToKeys } from "./components/page-keys.js";
import type { FeedMessage } from "./feed/event-stream.js";
import { Feed } from "./feed/feed.js";
import type { Dictionary } from "./i18n/dictionary.js";
import { text } from "./i18n/text.js";
import { keepOfflinePage } from "./offline-page.js";
import { loadReceipts, noteReceipt } from "./state/actions.js";
import { offlineMisses } from "./state/heartbeat.js";
import { loadIncidents, loadLimits, noteIncident, noteResources } from "./state/protection-actions.js";
import { unknownList } from "./state/listed.js";
import { pageView } from "./state/page-view.js";
import { isAway, isSignedOut, session } from "./state/session.js";
import { incidents, limits } from "./state/protection-store.js";
import { wakeSide } from "./state/side-player.js";
import { stage } from "./state/stage-player.js";
import { badge, labelOf, misses, noteStatus, receipts, shownCamera, stamped, status } from "./state/store.js";
import { watchWaking } from "./state/wake.js";
import "./styles/index.css";

/** For so long at most, in milliseconds, nothing is shown until it is known who looks: what is not for them would flash up. */
const mostWaitMs = 1000;
/** A page on which nobody is signed in looks so often, in milliseconds, whether somebody is, on another page of the browser. */
const sessionLookMs = 2000;

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
takeSetUpToken();
await Promise.race([loadSession(), new Promise((resolve) => setTimeout(resolve, mostWaitMs))]);
render(<App />, root);
keepOfflinePage();

const feed = new Feed(new URL(".", document.baseURI).href, {
  onMessage: (message) => {
    hear(message);
  },
  onMisses: (count) => {
    const wasOffline = misses.value >= offlineMisses;
    misses.value = count;
    if (wasOffline && count === 0) resume();
  },
});

function hear(message: FeedMessage): void {
  switch (message.kind) {
    case "status":
      noteStatus(message.stamped);
      if (message.stamped.status.resources !== null) noteResources(message.stamped.status.resources);
      return;
    case "receipt":
      noteReceipt(message.receipt);
      return;
    case "incident":
      noteIncident(message.incident);
  }
}

/** The service is there again: what it did in the meantime is asked for, and the players do not wait for their turn. */
function resume(slept = false): void {
  if (session.peek() === null) void loadSession();
  loadLists();
  stage.wake(slept);
  wakeSide(slept);
}

function loadLists(): void {
  if (isSignedOut.peek()) return;
  void loadReceipts();
  void loadIncidents();
  // A restart may have brought other settings.
  if (limits.peek() !== null) void loadLimits();
}

watchWaking((slept) => {
  feed.refresh();
  resume(slept);
});
listenToKeys();
// What happened while nobody looked was heard by nobody.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) loadLists();
});

/** Nothing of the cameras stays on the page of who is signed out; who signs in does not wait for the next look. */
effect(() => {
  if (!isSignedOut.value) return;
  feed.pause();
  misses.value = 0;
  stamped.value = null;
  receipts.value = [];
  incidents.value = unknownList;
  const timer = setInterval(() => {
    if (!document.hidden) void loadSession();
  }, sessionLookMs);
  return () => {
    clearInterval(timer);
    feed.resume();
    resume();
  };
});

/** Another one is another run of the service: it may tell of what ended the one before. */
const serviceStartedAt = computed(() => status.value?.service.startedAt ?? null);
effect(() => {
  if (serviceStartedAt.value !== null) loadLists();
});

effect(() => {
  const t = text.value;
  document.title = [...(isAway.value ? [] : [viewTitle(t)]), t.title].join(" – ");
});

/** What the page shows, for its title: of recordings only that the service is away is worth a word. */
function viewTitle(t: Dictionary): string {
  const state = badgeText(t, badge.value);
  if (pageView.value === "recordings") {
    return misses.value >= offlineMisses ? `${state} · ${t.viewRecordings}` : t.viewRecordings;
  }
  return shownCamera.value === null ? state : `${state} · ${labelOf(shownCamera.value)}`;
}
