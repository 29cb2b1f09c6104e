import { switchTo } from "./actions.js";
import { pressCamera } from "./dual-view.js";
import { isDual } from "./store.js";

/** What a camera's button or key does: in dual mode both cameras run, and only this browser's view changes. */
export function chooseCamera(camera: number): void {
  if (isDual.value) pressCamera(camera);
  else void switchTo(camera);
}
