import { computed, effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.js";
import { loadSession, takeSetUpToken } from "./accounts/session-actions.js";
import { badgeText } from "./components/badge.js";
import { listenToKeys } from "./components/page-keys.js";
import type { FeedMessage } from "./feed/event-stream.js";
import { Feed } from "./feed/feed.js";
import { text } from "./i18n/text.js";
import { keepOfflinePage } from "./offline-page.js";
import { loadReceipts, noteReceipt } from "./state/actions.js";
import { offlineMisses } from "./state/heartbeat.js";
import { loadIncidents, loadLimits, noteIncident, noteResources } from "./state/protection-actions.js";
import { unknownList } from "./state/listed.js";
import { isSignedOut, session } from "./state/session.js";
import { incidents, limits } from "./state/protection-store.js";
import { wakeSide } from "./state/side-player.js";
import { stage } from "./state/stage-player.js";
import { badge, labelOf, misses, noteStatus, receipts, shownCamera, stamped, status } from "./state/store.js";
import { watchWaking } from "./state/wake.js";
import "./styles/index.css";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
render(<App />, root);
keepOfflinePage();

takeSetUpToken();
void loadSession();

const feed = new Feed(new URL(".", document.baseURI).href, {
  onMessage: (message) => {
    hear(message);
  },
  onMisses: (count) => {
    const wasOffline = misses.value >= offlineMisses;
    // Whom the service does not know it still answers.
    misses.value = isSignedOut.value ? 0 : count;
    if (wasOffline && count === 0) resume();
  },
});

function hear(message: FeedMessage): void {
  // Signed in again, by another page of this browser.
  if (isSignedOut.peek()) {
    void loadSession();
    return;
  }
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
let wasAway = false;
effect(() => {
  const isAway = isSignedOut.value;
  if (isAway) {
    stamped.value = null;
    receipts.value = [];
    incidents.value = unknownList;
  } else if (wasAway) {
    feed.refresh();
    resume();
  }
  wasAway = isAway;
});

/** Another one is another run of the service: it may tell of what ended the one before. */
const serviceStartedAt = computed(() => status.value?.service.startedAt ?? null);
effect(() => {
  if (serviceStartedAt.value !== null) loadLists();
});

effect(() => {
  if (isSignedOut.value) {
    document.title = text.value.title;
    return;
  }
  const camera = shownCamera.value;
  const name = camera === null ? "" : ` · ${labelOf(camera)}`;
  document.title = `${badgeText(text.value, badge.value)}${name} – ${text.value.title}`;
});
