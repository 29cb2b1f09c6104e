/** Names of recordings below the recordings folder (E2). Pure. */
import { basename } from "node:path";

/** Minutes east of UTC that this machine's time zone has at a moment. */
export function zoneOffsetMin(epochMs: number): number {
  return -new Date(epochMs).getTimezoneOffset() || 0;
}

/** `20261121_143000` as the clock on the wall shows it; to the nearest second, because files begin near whole ones. */
function localStamp(epochMs: number, offsetMin: number): string {
  const local = new Date(Math.round(epochMs / 1000) * 1000 + offsetMin * 60_000);
  return local.toISOString().slice(0, 19).replace("T", "_").replaceAll(/[-:]/g, "");
}

/** `cam0/261121`: the folder of a camera's recordings that start on a day of local time. */
export function folderFor(camera: number, epochMs: number, offsetMin: number): string {
  return `cam${camera}/${localStamp(epochMs, offsetMin).slice(2, 8)}`;
}

/** `cam0_20261121_143000`, without an ending. */
export function stemFor(camera: number, epochMs: number, offsetMin: number): string {
  return `cam${camera}_${localStamp(epochMs, offsetMin)}`;
}

/** `cam0_20261121_143000.mp4`; from the second try on `_2`, `_3`: the hour that DST repeats, a clock set back. */
export function finishedName(stem: string, attempt: number): string {
  return attempt === 1 ? `${stem}.mp4` : `${stem}_${attempt}.mp4`;
}

/** Endings of what is being made; such names also begin with a dot, so that nobody takes them for recordings. */
export const partialEnding = ".partial";
export const finishingEnding = ".finishing";

/** A file of fragments: the ticks tell two of one second apart. */
export function partialName(stem: string, startTicks: number): string {
  return `.${stem}_${startTicks}${partialEnding}`;
}

/** What the names of a file have in common while it is written and while it is finished. */
export function stemOf(path: string): string {
  const name = basename(path);
  return name.replace(new RegExp(`(${partialEnding}|${finishingEnding})$`), "");
}

/** Below the recordings folder: what could not become a playable file. */
export const setAsideFolder = ".set-aside";
