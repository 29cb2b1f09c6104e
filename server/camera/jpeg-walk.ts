/** Where a walk through a JPEG goes on. */
export interface WalkState {
  readonly offset: number;
  /** Inside entropy-coded data, not before a marker. */
  readonly inScan: boolean;
  /** The frame header, of which there is one, was passed. */
  readonly hasFrameHeader: boolean;
}

export type WalkResult =
  /** The picture ends before this offset. */
  | { readonly kind: "whole"; readonly end: number }
  /** All is well so far; more bytes are needed. The offset may lie beyond the data. */
  | { readonly kind: "more"; readonly state: WalkState }
  /** Another picture starts within, or something stands there that belongs into no JPEG. */
  | { readonly kind: "torn" };

type Step = WalkResult | { readonly kind: "on"; readonly state: WalkState };

/** A walk begins behind the SOI marker. */
export const walkStart: WalkState = { offset: 2, inScan: false, hasFrameHeader: false };

const soi = 0xd8;
const eoi = 0xd9;
const sos = 0xda;
/** A scan header of four components; those of one to three are shorter (T.81, B.2.3). */
const longestScanHeader = 14;

const torn: WalkResult = { kind: "torn" };

/** SOF0–SOF15 without DHT, JPG and DAC, which stand among them. */
export function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

/** RST0–RST7 and TEM have no length, and neither has the stuffed zero, which is no marker at all. */
function standsAlone(code: number): boolean {
  return (code >= 0xd0 && code <= 0xd7) || code === 0x00 || code === 0x01;
}

/**
 * Walks a JPEG (ITU-T T.81, annex B) that starts at offset 0 of the data. Marker segments are passed by their length,
 * so that a thumbnail inside one is not taken for the picture; entropy-coded data is searched for its next marker. A
 * second frame header, or a scan without one, shows that two pictures ran into one.
 */
export function walkJpeg(data: Buffer, from: WalkState): WalkResult {
  let state = from;
  for (;;) {
    const step = state.inScan ? scanStep(data, state) : markerStep(data, state);
    if (step.kind !== "on") return step;
    state = step.state;
  }
}

function markerStep(data: Buffer, state: WalkState): Step {
  let at = state.offset;
  if (at >= data.length) return { kind: "more", state };
  if (data[at] !== 0xff) return torn;
  while (data[at] === 0xff) at += 1; // Any number of fill bytes may stand before the code.
  const code = data[at];
  if (code === undefined) return { kind: "more", state };
  if (code === soi || code === eoi || standsAlone(code)) return torn;
  if (at + 2 >= data.length) return { kind: "more", state };
  return segmentStep(code, at + 1, data.readUInt16BE(at + 1), state);
}

function segmentStep(code: number, offset: number, length: number, { hasFrameHeader }: WalkState): Step {
  if (length < 2 || (isFrameHeader(code) && hasFrameHeader)) return torn;
  if (code === sos && (length > longestScanHeader || !hasFrameHeader)) return torn;
  const next = { inScan: code === sos, hasFrameHeader: hasFrameHeader || isFrameHeader(code) };
  return { kind: "on", state: { offset: offset + length, ...next } };
}

function scanStep(data: Buffer, state: WalkState): Step {
  let at = data.indexOf(0xff, state.offset);
  for (; at >= 0; at = data.indexOf(0xff, at)) {
    const code = data[at + 1];
    if (code === undefined) return { kind: "more", state: { ...state, offset: at } };
    if (code === eoi) return { kind: "whole", end: at + 2 };
    if (code === soi) return torn;
    if (code === 0xff) at += 1;
    else if (standsAlone(code)) at += 2;
    else return { kind: "on", state: { ...state, offset: at, inScan: false } }; // DHT, SOS or DNL between two scans.
  }
  return { kind: "more", state: { ...state, offset: Math.max(state.offset, data.length) } };
}
