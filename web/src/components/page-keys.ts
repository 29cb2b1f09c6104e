import { takeSnapshot, tell } from "../state/actions.js";
import { chooseCamera } from "../state/choose-camera.js";
import { toggleDelivery } from "../state/delivery-choice.js";
import { keyAction, type KeyAction } from "../state/keys.js";
import { isStopped } from "../state/protection-store.js";
import { may } from "../state/session.js";
import { isDual, status } from "../state/store.js";
import { pressInRecordings } from "../recordings/press-key.js";
import { toggleRecording } from "../recordings/record-button.js";
import { pageView } from "../state/page-view.js";
import { toggleFullScreen } from "./full-screen-button.js";
import { openKeys } from "./keys-dialog.js";
import { toggleDual } from "./mode-control.js";
import { toggleRotation } from "./rotation-control.js";

const typingElements = "input, select, textarea, [contenteditable], dialog[open]";

/** Listens to the keys for as long as the page lives. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    const facts = {
      key: event.key,
      modified: event.ctrlKey || event.altKey || event.metaKey || event.isComposing,
      repeat: event.repeat,
      typing: event.target instanceof Element && event.target.closest(typingElements) !== null,
    };
    if (pageView.value === "recordings") {
      if (!pressInRecordings(facts, event.target)) return;
      event.preventDefault();
      return;
    }
    const action = keyAction(facts);
    if (action === null) return;
    event.preventDefault();
    run(action);
  });
}

function run(action: KeyAction): void {
  // What has no button has no key.
  const steers = action.kind === "rotation" || action.kind === "dual" || (action.kind === "camera" && !isDual.value);
  if (steers && !may("operator")) return;
  if (action.kind === "snapshot" && !may("viewer")) return;
  switch (action.kind) {
    case "camera":
      if (isStopped.value) tell({ kind: "problem", code: "guardStopped", message: "" });
      else if (status.value?.cameras.some(({ number }) => number === action.camera)) chooseCamera(action.camera);
      return;
    case "rotation":
      toggleRotation();
      return;
    case "fullScreen":
      void toggleFullScreen();
      return;
    case "delivery":
      toggleDelivery();
      return;
    case "snapshot":
      void takeSnapshot();
      return;
    case "record":
      toggleRecording();
      return;
    case "dual":
      toggleDual();
      return;
    case "help":
      openKeys();
  }
}
