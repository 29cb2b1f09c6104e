/** What must hold of the frames a viewer saw, whatever was switched. Pure. */
import type { ShownFrame } from "./player-page.js";

/** The cameras in the order in which they were shown, each once for as long as it stood; `null` for unreadable frames. */
export function camerasShown(frames: readonly ShownFrame[]): (number | null)[] {
  const cameras = frames.map(({ strip }) => (strip.valid ? strip.camera : null));
  return cameras.filter((camera, index) => index === 0 || camera !== cameras[index - 1]);
}

/** A longer way back is a player made anew, with a timeline of its own. */
const longestSeekBackS = 1;

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

/**
 * The frames that a player shows as it goes on. Where it went back on its own timeline (a seek after a stall, as under
 * blows that starve it) it shows again what it showed before: those frames say nothing of what the service gave.
 */
export function framesGoingOn(frames: readonly ShownFrame[]): ShownFrame[] {
  let furthestS = -Infinity;
  return frames.filter(({ mediaS }) => {
    const goesOn = mediaS >= furthestS || furthestS - mediaS > longestSeekBackS;
    if (goesOn) furthestS = mediaS;
    return goesOn;
  });
}
