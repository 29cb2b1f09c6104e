import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.js";
import { badgeText } from "./components/badge.js";
import { listenToKeys } from "./components/page-keys.js";
import { Feed } from "./feed/feed.js";
import { text } from "./i18n/text.js";
import { loadReceipts, noteReceipt } from "./state/actions.js";
import { offlineMisses } from "./state/heartbeat.js";
import { stage } from "./state/stage-player.js";
import { badge, labelOf, misses, noteStatus, shownCamera } from "./state/store.js";
import { watchWaking } from "./state/wake.js";
import "./styles/index.css";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
render(<App />, root);

const feed = new Feed(new URL(".", document.baseURI).href, {
  onMessage: (message) => {
    if (message.kind === "status") noteStatus(message.stamped);
    else noteReceipt(message.receipt);
  },
  onMisses: (count) => {
    const wasOffline = misses.value >= offlineMisses;
    misses.value = count;
    if (wasOffline && count === 0) resume();
  },
});

/** The service is there again: what it did in the meantime is asked for, and the player does not wait for its turn. */
function resume(): void {
  void loadReceipts();
  stage.wake();
}

watchWaking(() => {
  feed.refresh();
  resume();
});
listenToKeys();
void loadReceipts();

effect(() => {
  const camera = shownCamera.value;
  const name = camera === null ? "" : ` · ${labelOf(camera)}`;
  document.title = `${badgeText(text.value, badge.value)}${name} – ${text.value.title}`;
});
