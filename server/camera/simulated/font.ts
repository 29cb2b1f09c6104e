/** Width and height of a glyph in dots; one dot is left free between two. */
export const glyphWidth = 5;
export const glyphHeight = 7;

/** One glyph, row by row from the top; in each row the highest of five bits is the leftmost dot. */
type Glyph = readonly [number, number, number, number, number, number, number];

/** Just the characters that the pictures carry. */
const glyphs: Readonly<Record<string, Glyph>> = {
  "0": [14, 17, 19, 21, 25, 17, 14],
  "1": [4, 12, 4, 4, 4, 4, 14],
  "2": [14, 17, 1, 2, 4, 8, 31],
  "3": [31, 2, 4, 2, 1, 17, 14],
  "4": [2, 6, 10, 18, 31, 2, 2],
  "5": [31, 16, 30, 1, 1, 17, 14],
  "6": [6, 8, 16, 30, 17, 17, 14],
  "7": [31, 1, 2, 4, 8, 8, 8],
  "8": [14, 17, 17, 14, 17, 17, 14],
  "9": [14, 17, 17, 15, 1, 2, 12],
  A: [14, 17, 17, 31, 17, 17, 17],
  C: [14, 17, 16, 16, 16, 17, 14],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  M: [17, 27, 21, 21, 17, 17, 17],
  R: [30, 17, 17, 30, 20, 18, 17],
  ":": [0, 12, 12, 0, 12, 12, 0],
  ".": [0, 0, 0, 0, 0, 12, 12],
  "-": [0, 0, 0, 31, 0, 0, 0],
};

/** Calls back for each lit dot of a text; characters without a glyph are spaces. */
export function forEachDot(text: string, lit: (column: number, row: number) => void): void {
  for (let place = 0; place < text.length; place += 1) {
    glyphs[text.charAt(place)]?.forEach((bits, row) => {
      for (let dot = 0; dot < glyphWidth; dot += 1) {
        if ((bits >> (glyphWidth - 1 - dot)) & 1) lit(place * (glyphWidth + 1) + dot, row);
      }
    });
  }
}
