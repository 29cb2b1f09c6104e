import Hls, { type FragBufferedData, type LevelDetails } from "hls.js/light";

/** What is kept behind the picture. Seconds. */
const keepS = 5;
/** So much more than that is let gather, so that trimming is rare. Seconds. */
const gatherS = 20;

/** What is known when something was just buffered. Seconds on the media element's timeline. */
export interface BackBufferFacts {
  readonly bufferedFromS: number;
  readonly currentS: number;
  /** It is the newest that the playlist names: nothing else is on its way into the buffer. */
  readonly isNewest: boolean;
}

/** Up to where to empty the buffer now; null: leave it. */
export function trimTo({ bufferedFromS, currentS, isNewest }: BackBufferFacts): number | null {
  const isDue = currentS - bufferedFromS > keepS + gatherS;
  return isNewest && isDue ? currentS - keepS : null;
}

/**
 * Empties the buffer behind the picture, for a page that is open for weeks. Not hls.js's own `backBufferLength`: it does
 * so at any time, and when a part is loaded but not appended yet, it takes that part's segment for gone; then it never
 * asks for the next one (seen with 1.7.4 after one in forty switches: 1.7 s without a picture, until a jump).
 */
export function trimBackBuffer(hls: Hls, video: HTMLVideoElement): void {
  hls.on(Hls.Events.FRAG_BUFFERED, (_event, data) => {
    const { buffered, currentTime } = video;
    if (buffered.length === 0) return;
    const isNewest = hls.latestLevelDetails !== null && isNewestOf(hls.latestLevelDetails, data);
    const endOffset = trimTo({ bufferedFromS: buffered.start(0), currentS: currentTime, isNewest });
    if (endOffset !== null) hls.trigger(Hls.Events.BUFFER_FLUSHING, { startOffset: 0, endOffset, type: "video" });
  });
}

function isNewestOf({ partList, endSN }: LevelDetails, { frag, part }: FragBufferedData): boolean {
  if (part === null) return frag.sn === endSN;
  const newest = partList?.at(-1);
  return newest?.fragment.sn === frag.sn && newest.index === part.index;
}
