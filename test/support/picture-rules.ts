/** What must hold of the frames a viewer saw, whatever was switched. Pure. */
import type { ShownFrame } from "./player-page.js";

/** The cameras in the order in which they were shown, each once for as long as it stood; `null` for unreadable frames. */
export function camerasShown(frames: readonly ShownFrame[]): (number | null)[] {
  const cameras = frames.map(({ strip }) => (strip.valid ? strip.camera : null));
  return cameras.filter((camera, index) => index === 0 || camera !== cameras[index - 1]);
}

/** Each frame that has no readable strip, or was drawn before one that was shown before it. */
export function brokenFrames(frames: readonly ShownFrame[]): string[] {
  const broken: string[] = [];
  let newestMs = 0;
  for (const [index, { strip, mediaS }] of frames.entries()) {
    const former = frames[index - 1]?.mediaS.toFixed(3) ?? "nothing";
    const where = `frame ${index} at ${mediaS.toFixed(3)} s, after ${former}`;
    if (!strip.valid) broken.push(`${where}: ${strip.why}`);
    else if (strip.drawnMs < newestMs) broken.push(`${where} goes back by ${newestMs - strip.drawnMs} ms`);
    else newestMs = strip.drawnMs;
  }
  return broken;
}
