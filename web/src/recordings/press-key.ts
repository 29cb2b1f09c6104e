import { toggleFullScreen } from "../components/full-screen-button.js";
import { openKeys } from "../components/keys-dialog.js";
import type { KeyFacts } from "../state/keys.js";
import { rateBeside } from "./playback.js";
import { recordingsKeyAction } from "./recordings-keys.js";
import { player } from "./recordings-player.js";
import { playback } from "./recordings-store.js";
import { step, togglePlaying, toMissing } from "./transport.js";

/** Does what a key means in the view of recordings; false: nothing. Buttons and links keep the space bar. */
export function pressInRecordings({ key, modified, repeat, typing }: KeyFacts, target: EventTarget | null): boolean {
  if (modified || typing) return false;
  if (key === "?") {
    openKeys();
    return true;
  }
  const action = recordingsKeyAction(key);
  const onControl = key === " " && target instanceof Element && target.closest("button, a, summary, video") !== null;
  if (action === null || onControl || (repeat && action.kind !== "step")) return false;
  switch (action.kind) {
    case "toggle":
      togglePlaying();
      break;
    case "fullScreen":
      void toggleFullScreen();
      break;
    case "step":
      step(action.ms);
      break;
    case "rate":
      player.setRate(rateBeside(playback.peek().rate, action.step));
      break;
    case "missing":
      toMissing(action.step);
  }
  return true;
}
