/** What a person can ask of the service. Each answer, good or bad, ends in a notice; nothing is thrown. */
import type { Mode, Receipt } from "../../../server/http/wire.js";
import { sharedNowMs } from "../feed/stamp.js";
import {
  ApiError,
  askForPlaylist,
  getReceipts,
  getSnapshot,
  postSwitch,
  putCameraOrder,
  putMode,
  putRest,
  putRotation,
  putSettingsFile,
} from "./api.js";
import { saveFile } from "./save-file.js";
import { isWorthTelling, type Notice } from "./notice.js";
import { listedReceipts, withReceipt } from "./receipt-list.js";
import { liveCamera, notice, pending, receipts, snapshotCamera, status, type Pending } from "./store.js";

/** Makes a camera the live one; turns the cameras on first if they are off. */
export function switchTo(camera: number): Promise<void> {
  return whilePending(camera, async () => {
    if (status.value?.mode === "off") {
      const { receipt } = await putMode("toggle");
      if (receipt) noteReceipt(receipt);
      if (receipt?.live === camera) return;
    }
    const answer = await postSwitch(camera);
    if (answer.outcome === "alreadyLive") tell({ kind: "alreadyLive", camera });
    else noteReceipt(answer);
  });
}

/** Turns the cameras off (privacy), or on again, one at a time or all at once. */
export function setMode(mode: Mode): Promise<void> {
  const last = liveCamera.peek() ?? receipts.value.find((receipt) => receipt.from !== null)?.from ?? 0;
  return whilePending(mode === "off" ? null : last, async () => {
    const { receipt } = await putMode(mode);
    if (receipt) noteReceipt(receipt);
  });
}

/** A page that is opened wakes them by itself; this is for one that stayed open and showed nothing. */
export function wakeCameras(): Promise<void> {
  return attempt(askForPlaylist);
}

export function setRotation(rotation: { enabled: boolean; seconds: number }): Promise<void> {
  return attempt(async () => {
    await putRotation(rotation);
  });
}

/** After so long without anybody who watches the cameras rest; 0: never. */
export function setRest(stopAfterSeconds: number): Promise<void> {
  return attempt(async () => {
    await putRest(stopAfterSeconds);
    tell({ kind: "restSaved" });
  });
}

/** Exchanges the numbers 0 and 1. */
export function swapCameras(): Promise<void> {
  return attempt(async () => {
    const cameras = [...(status.value?.cameras ?? [])].sort((a, b) => a.number - b.number);
    const [first, second, ...rest] = cameras.map((camera) => camera.id);
    if (first === undefined || second === undefined) return;
    await putCameraOrder([second, first, ...rest]);
    tell({ kind: "swapped" });
  });
}

/** Saves the picture of the camera that is, or was last, on the stage. */
export function takeSnapshot(): Promise<void> {
  return attempt(async () => {
    const camera = snapshotCamera.value;
    if (camera === null) return;
    const { file, name } = await getSnapshot(camera);
    saveFile(file, name);
  });
}

export async function importSettings(file: File): Promise<void> {
  const document = await readJson(file);
  if (document === undefined) {
    tell({ kind: "notJson" });
    return;
  }
  await attempt(async () => {
    const { changed, ignored } = await putSettingsFile(document);
    tell({ kind: "imported", changed: changed.length, ignored });
  });
}

/** The list of the last switches, as the service kept it. */
export async function loadReceipts(): Promise<void> {
  try {
    const page = await getReceipts(listedReceipts);
    receipts.value = page.receipts;
  } catch {
    // The heartbeat tells already that the service does not answer; the list is asked for again when it does.
  }
}

/** A receipt may come twice, as the answer to a request and as an event: told once. */
export function noteReceipt(receipt: Receipt): void {
  const known = receipts.value.some(({ id, outcome }) => id === receipt.id && outcome === receipt.outcome);
  receipts.value = withReceipt(receipts.value, receipt);
  if (known || receipt.outcome === null) return;
  if (isWorthTelling(receipt)) tell({ kind: "receipt", receipt });
  // A failure that is past, since cameras switch again.
  else if (notice.value?.kind === "receipt") notice.value = null;
}

export function tell(news: Notice): void {
  notice.value = news;
}

/** Puts what was thrown into a notice; a request that a newer one replaced needs no words. */
export function tellProblem(thrown: unknown): void {
  if (thrown instanceof ApiError && thrown.receipt !== null) {
    noteReceipt(thrown.receipt);
    return;
  }
  const code = thrown instanceof ApiError ? thrown.code : "internal";
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code !== "superseded") tell({ kind: "problem", code, message });
}

async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (thrown) {
    tellProblem(thrown);
  }
}

async function whilePending(to: number | null, action: () => Promise<void>): Promise<void> {
  const mine: Pending = { to, atMs: sharedNowMs(), seen: false };
  pending.value = mine;
  await attempt(action);
  if (pending.peek()?.atMs === mine.atMs) pending.value = null;
}

async function readJson(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text()) as unknown;
  } catch {
    return undefined;
  }
}
