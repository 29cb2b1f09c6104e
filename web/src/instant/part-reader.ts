/** One picture of the stream, with what its headers say; null for what they do not. */
export interface StreamPart {
  readonly camera: number | null;
  /** Of the frame, counted by its source. */
  readonly number: number | null;
  /** Arrival of the frame at the controller, in milliseconds since the Unix epoch by its clock. */
  readonly capturedAtMs: number | null;
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

interface Head extends Omit<StreamPart, "jpeg"> {
  readonly lengthBytes: number;
}

type Found = { readonly head: Head; readonly endsAt: number } | { readonly head: null; readonly keepFrom: number };

/** A head longer than this is none. */
const mostHeadBytes = 4096;
/** A picture larger than this is none: the greatest frame of a camera is far below it. */
const mostPictureBytes = 16 * 1024 * 1024;
const blankLine = bytesOf("\r\n\r\n");

/**
 * Takes pictures out of a multipart stream, whatever way its bytes are cut. Bytes that make no sense are passed over up
 * to the next boundary; never holds more than one head or one picture.
 */
export class PartReader {
  readonly #boundary: Uint8Array;
  /** Bytes between two pictures that are not understood yet. */
  #held = new Uint8Array(0);
  #picture: { readonly head: Head; readonly jpeg: Uint8Array<ArrayBuffer>; filled: number } | null = null;

  constructor(boundary = "frame") {
    this.#boundary = bytesOf(`--${boundary}\r\n`);
  }

  /** The pictures that these bytes complete, oldest first. */
  push(bytes: Uint8Array): StreamPart[] {
    const parts: StreamPart[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#picture === null) rest = this.#seek(rest);
      else rest = this.#fill(rest, parts);
    }
    return parts;
  }

  #seek(bytes: Uint8Array): Uint8Array {
    const held = joined(this.#held, bytes);
    const found = findHead(held, this.#boundary);
    if (found.head === null) {
      this.#held = held.slice(found.keepFrom);
      return held.subarray(held.length);
    }
    this.#held = new Uint8Array(0);
    this.#picture = { head: found.head, jpeg: new Uint8Array(found.head.lengthBytes), filled: 0 };
    return held.subarray(found.endsAt);
  }

  #fill(bytes: Uint8Array, parts: StreamPart[]): Uint8Array {
    const picture = this.#picture;
    if (picture === null) return bytes;
    const taken = bytes.subarray(0, picture.jpeg.length - picture.filled);
    picture.jpeg.set(taken, picture.filled);
    picture.filled += taken.length;
    if (picture.filled === picture.jpeg.length) {
      this.#picture = null;
      const { camera, number, capturedAtMs } = picture.head;
      if (isJpeg(picture.jpeg)) parts.push({ camera, number, capturedAtMs, jpeg: picture.jpeg });
    }
    return bytes.subarray(taken.length);
  }
}

/** The first head in these bytes, else from where on they must be kept. */
function findHead(bytes: Uint8Array, boundary: Uint8Array): Found {
  let from = 0;
  for (;;) {
    const start = indexOf(bytes, boundary, from);
    if (start < 0) return { head: null, keepFrom: Math.max(from, bytes.length - boundary.length + 1) };
    // The boundary's own line end may be the first half of the blank line.
    const end = indexOf(bytes, blankLine, start + boundary.length - 2);
    if (end < 0 && bytes.length - start <= mostHeadBytes) return { head: null, keepFrom: start };
    const known = end >= 0 && end - start <= mostHeadBytes;
    const head = known ? headOf(bytes.subarray(start + boundary.length, end)) : null;
    if (head !== null) return { head, endsAt: end + blankLine.length };
    from = start + boundary.length;
  }
}

function headOf(bytes: Uint8Array): Head | null {
  const fields = new Map<string, string>();
  for (const line of new TextDecoder("latin1").decode(bytes).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const lengthBytes = numberIn(fields, "content-length");
  if (lengthBytes === null || !Number.isInteger(lengthBytes)) return null;
  if (lengthBytes < 1 || lengthBytes > mostPictureBytes) return null;
  return {
    lengthBytes,
    camera: numberIn(fields, "x-camera"),
    number: numberIn(fields, "x-frame-number"),
    capturedAtMs: numberIn(fields, "x-captured-at"),
  };
}

function numberIn(fields: ReadonlyMap<string, string>, name: string): number | null {
  const text = fields.get(name);
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + wanted.length > bytes.length) return -1;
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
