import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../lib/errors.js";

/** Where a box lies in a file. */
export interface FileBox {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const headerBytes = 16;
const invalid = (message: string) => new AppError("mediaInvalid", message);

/** So many bytes of a file; fewer where it ends. */
export async function readRange(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.subarray(0, bytesRead);
}

/**
 * The boxes of a file one after the other, read by their headers alone. Throws `mediaInvalid` at one that does not fit
 * into the file or is none: what a power cut left there.
 */
export async function* topBoxes(file: FileHandle, sizeBytes: number): AsyncGenerator<FileBox> {
  for (let start = 0; start < sizeBytes;) {
    const header = await readRange(file, start, Math.min(start + headerBytes, sizeBytes));
    const box = boxAtStart(header, start);
    if (box.end > sizeBytes) throw invalid(`The box ${box.type} is cut off.`);
    yield box;
    start = box.end;
  }
}

function boxAtStart(header: Buffer, start: number): FileBox {
  if (header.length < 8) throw invalid(`A box header is cut off at byte ${start}.`);
  const type = header.toString("latin1", 4, 8);
  if (!/^[a-zA-Z0-9 ]{4}$/.test(type)) throw invalid(`There is no box at byte ${start}.`);
  const small = header.readUInt32BE(0);
  if (small === 1 && header.length < headerBytes) throw invalid(`The box ${type} has no size.`);
  const size = small === 1 ? Number(header.readBigUInt64BE(8)) : small;
  if (size < 8) throw invalid(`The box ${type} has no usable size.`);
  return { type, start, end: start + size };
}
