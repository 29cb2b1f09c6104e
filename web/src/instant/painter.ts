import type { StreamPart } from "./part-reader.js";

export interface PainterListener {
  onDrawn(part: StreamPart): void;
  /** A newer part came before this one could be drawn, or it is unreadable. */
  onDropped(): void;
}

/** Draws pictures on a canvas, the newest only: one is being decoded, one may wait, and a newer one takes its place. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #listener: PainterListener;
  #waiting: StreamPart | null = null;
  #busy = false;
  /** What is being decoded when this changes is not drawn any more. */
  #run = 0;

  constructor(canvas: HTMLCanvasElement, listener: PainterListener) {
    this.#canvas = canvas;
    this.#listener = listener;
    this.clear();
  }

  show(part: StreamPart): void {
    if (this.#waiting !== null) this.#listener.onDropped();
    this.#waiting = part;
    if (!this.#busy) void this.#drawAll();
  }

  /** What was not drawn yet belongs to a connection that is over. */
  forget(): void {
    this.#run += 1;
    this.#waiting = null;
  }

  /** Removes the picture as well. */
  clear(): void {
    this.forget();
    this.#canvas.hidden = true;
    this.#canvas.width = 0;
    this.#canvas.height = 0;
  }

  async #drawAll(): Promise<void> {
    this.#busy = true;
    for (let part = this.#take(); part !== null; part = this.#take()) await this.#draw(part);
    this.#busy = false;
  }

  #take(): StreamPart | null {
    const part = this.#waiting;
    this.#waiting = null;
    return part;
  }

  async #draw(part: StreamPart): Promise<void> {
    const run = this.#run;
    const bitmap = await createImageBitmap(new Blob([part.jpeg], { type: "image/jpeg" })).catch(() => null);
    if (run === this.#run && bitmap !== null) this.#put(bitmap, part);
    else this.#listener.onDropped();
    bitmap?.close();
  }

  #put(bitmap: ImageBitmap, part: StreamPart): void {
    const canvas = this.#canvas;
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    canvas.hidden = false;
    this.#listener.onDrawn(part);
  }
}
