import type { Frame } from "../camera/frame.js";

export const mjpegBoundary = "frame";

/** What stands before the first part. */
export const streamStart = Buffer.from(`--${mjpegBoundary}\r\n`);
/** Behind each part at once: browsers show a picture when they see the next boundary. */
export const partEnd = Buffer.from(`\r\n--${mjpegBoundary}\r\n`);
/** Where no part follows. */
export const streamEnd = Buffer.from(`--${mjpegBoundary}--\r\n`);

/** One frame as it goes to all clients: made once, shared, never written into. */
export interface MjpegPart {
  readonly camera: number;
  readonly head: Buffer;
  readonly jpeg: Buffer;
  /** All that is written for it. */
  readonly bytes: number;
}

/** `capturedAt` is the arrival of the frame, in milliseconds since the Unix epoch. */
export function makePart({ jpeg, camera, number }: Frame, capturedAt: number): MjpegPart {
  const lines = [
    "Content-Type: image/jpeg",
    `Content-Length: ${jpeg.length}`,
    `X-Camera: ${camera}`,
    `X-Frame-Number: ${number}`,
    `X-Captured-At: ${capturedAt.toFixed(1)}`,
  ];
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  return { camera, head, jpeg, bytes: head.length + jpeg.length + partEnd.length };
}
