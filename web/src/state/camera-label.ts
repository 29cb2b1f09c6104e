import type { CameraView } from "../../../server/http/wire.js";
import type { Dictionary } from "../i18n/dictionary.js";

/** The camera's own name, else “Camera N” in the language of the page (the service's own fallback is English). */
export function cameraLabel(cameras: readonly CameraView[], number: number, text: Dictionary): string {
  const label = cameras.find((camera) => camera.number === number)?.profile.label ?? "";
  return label === "" ? text.cameraFallback(number) : label;
}
