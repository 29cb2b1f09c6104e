/** The last picture, kept on a canvas over the video while there is no video. */
export class Still {
  readonly #canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.clear();
  }

  /** Takes what the video shows; an empty video leaves an older picture standing. */
  keep(video: HTMLVideoElement): void {
    if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.#canvas.width = video.videoWidth;
    this.#canvas.height = video.videoHeight;
    this.#canvas.getContext("2d")?.drawImage(video, 0, 0);
    this.#canvas.hidden = false;
  }

  hide(): void {
    this.#canvas.hidden = true;
  }

  /** Forgets the picture as well: with the cameras off, nothing of it stays on the page. */
  clear(): void {
    this.hide();
    this.#canvas.width = 0;
    this.#canvas.height = 0;
  }
}
