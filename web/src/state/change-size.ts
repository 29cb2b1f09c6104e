import { signal } from "@preact/signals";
import { noteReceipt, tell, tellProblem } from "./actions.js";
import { patchProfile } from "./api.js";
import type { PictureSize } from "./size-choices.js";

/** What this page asked for and has no answer to yet. */
export const sizing = signal<PictureSize | null>(null);

/** Gives a camera's picture another size. If the camera refuses it, the former one comes back, and a notice says why. */
export async function changeSize(camera: number, { width, height }: PictureSize): Promise<void> {
  sizing.value = { width, height };
  try {
    const { receipt } = await patchProfile(camera, { width, height });
    if (receipt) noteReceipt(receipt);
    tell({ kind: "sizeChanged", camera, width, height });
  } catch (thrown) {
    tellProblem(thrown);
  } finally {
    sizing.value = null;
  }
}
