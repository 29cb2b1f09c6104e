/** Where a walk through a JPEG goes on: before a marker, or inside entropy-coded data. */
export interface WalkState {
  readonly offset: number;
  readonly inScan: boolean;
}

export type WalkResult =
  /** The picture ends before this offset. */
  | { readonly kind: "whole"; readonly end: number }
  /** All is well so far; more bytes are needed. The offset may lie beyond the data. */
  | { readonly kind: "more"; readonly state: WalkState }
  /** Another picture starts at this offset: the first one was torn off. */
  | { readonly kind: "torn"; readonly at: number }
  /** At this offset stands what no JPEG has there. */
  | { readonly kind: "invalid"; readonly at: number };

/** A walk begins behind the SOI marker. */
export const walkStart: WalkState = { offset: 2, inScan: false };

const soi = 0xd8;
const eoi = 0xd9;
const sos = 0xda;

/** RST0–RST7 and TEM have no length, and neither has the stuffed zero, which is no marker at all. */
function standsAlone(code: number): boolean {
  return (code >= 0xd0 && code <= 0xd7) || code === 0x00 || code === 0x01;
}

/**
 * Walks a JPEG (ITU-T T.81, annex B) that starts at offset 0 of the data. Marker segments are passed by their length,
 * so that a thumbnail inside one is not taken for the picture; entropy-coded data is searched for its next marker.
 */
export function walkJpeg(data: Buffer, from: WalkState): WalkResult {
  let { offset, inScan } = from;
  for (;;) {
    const step = inScan ? scanStep(data, offset) : markerStep(data, offset);
    if (step.kind !== "on") return step;
    ({ offset, inScan } = step);
  }
}

type Step = WalkResult | { readonly kind: "on"; readonly offset: number; readonly inScan: boolean };

function more(offset: number, inScan: boolean): WalkResult {
  return { kind: "more", state: { offset, inScan } };
}

function markerStep(data: Buffer, offset: number): Step {
  let at = offset;
  if (at >= data.length) return more(offset, false);
  if (data[at] !== 0xff) return { kind: "invalid", at };
  while (data[at] === 0xff) at += 1; // Any number of fill bytes may stand before the code.
  const code = data[at];
  if (code === undefined) return more(offset, false);
  if (code === soi) return { kind: "torn", at: at - 1 };
  if (code === eoi || standsAlone(code)) return { kind: "invalid", at };
  if (at + 2 >= data.length) return more(offset, false);
  const length = data.readUInt16BE(at + 1);
  if (length < 2) return { kind: "invalid", at };
  return { kind: "on", offset: at + 1 + length, inScan: code === sos };
}

function scanStep(data: Buffer, offset: number): Step {
  const at = data.indexOf(0xff, offset);
  if (at < 0) return more(Math.max(offset, data.length), true);
  const code = data[at + 1];
  if (code === undefined) return more(at, true);
  if (code === 0xff) return { kind: "on", offset: at + 1, inScan: true };
  if (standsAlone(code)) return { kind: "on", offset: at + 2, inScan: true };
  if (code === eoi) return { kind: "whole", end: at + 2 };
  if (code === soi) return { kind: "torn", at };
  return { kind: "on", offset: at, inScan: false }; // DHT, SOS or DNL between two scans.
}
