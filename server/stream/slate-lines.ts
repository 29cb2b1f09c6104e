/** One line of a slate, laid out: centred, its top at `yPx`. */
export interface SlateLine {
  readonly text: string;
  readonly sizePx: number;
  readonly yPx: number;
}

export interface SlateTexts {
  readonly label: string;
  readonly reason: string;
  /** “since …” */
  readonly since: string;
}

/** Lines of the reason that are shown; what goes beyond is cut off. */
const mostReasonLines = 3;
/** Share of the width that text may take. */
const textShare = 0.9;
/** Mean width of a bold character in its size: letters, and the square signs of East Asian scripts. */
const [narrowEm, wideEm] = [0.65, 1];
const wideScripts = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\uff00-\uff60]/u;

/** Whether a text needs a font with East Asian signs. */
export function isWide(text: string): boolean {
  return wideScripts.test(text);
}

/** Width in units of its size, estimated: nobody measures the font. */
export function widthEm(text: string): number {
  return Array.from(text).reduce((sum, sign) => sum + (wideScripts.test(sign) ? wideEm : narrowEm), 0);
}

function wrap(text: string, mostEm: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && widthEm(`${last} ${word}`) <= mostEm) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...cut(word, mostEm));
  }
  if (lines.length <= mostReasonLines) return lines;
  return lines.slice(0, mostReasonLines).map((line, n) => (n === mostReasonLines - 1 ? `${line} …` : line));
}

/** A word longer than a line goes over several. */
function cut(word: string, mostEm: number): string[] {
  const perLine = Math.max(1, Math.floor(mostEm / (isWide(word) ? wideEm : narrowEm)));
  const signs = Array.from(word);
  return Array.from({ length: Math.max(1, Math.ceil(signs.length / perLine)) }, (_, n) =>
    signs.slice(n * perLine, (n + 1) * perLine).join(""),
  );
}

/** One line of printable text, whatever was given. */
export function clean(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, " ").trim();
}

/** Lays the texts out in the middle of a picture of this size; empty texts take no room. */
export function slateLines(texts: SlateTexts, width: number, height: number): SlateLine[] {
  const roomPx = width * textShare;
  const fit = (text: string, wishPx: number) => Math.max(6, Math.floor(Math.min(wishPx, roomPx / widthEm(text))));
  const smallPx = Math.max(8, Math.round(height / 20));
  const [label, since] = [clean(texts.label), clean(texts.since)];
  const wanted = [
    { text: label, sizePx: fit(label, height / 9) },
    ...wrap(clean(texts.reason), roomPx / smallPx).map((text) => ({ text, sizePx: smallPx })),
    { text: since, sizePx: fit(since, smallPx) },
  ].filter(({ text }) => text !== "");
  const totalPx = wanted.reduce((sum, { sizePx }) => sum + sizePx * 1.5, 0);
  let topPx = (height - totalPx) / 2;
  return wanted.map((line) => {
    const placed = { ...line, yPx: Math.max(0, Math.round(topPx)) };
    topPx += line.sizePx * 1.5;
    return placed;
  });
}
