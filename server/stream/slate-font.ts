import { existsSync } from "node:fs";
import { isWide } from "./slate-lines.js";

/** Where Debian's packages put fonts that draw Korean, Chinese and Japanese (and Latin): fonts-nanum, fonts-noto-cjk, unfonts. */
const wideFonts = [
  "/usr/share/fonts/truetype/nanum/NanumGothicBold.ttf",
  "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
  "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
  "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
  "/usr/share/fonts/truetype/unfonts-core/UnDotumBold.ttf",
  "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
];
/** fonts-dejavu-core, fonts-noto-core, fonts-liberation, fonts-freefont-ttf; Raspberry Pi OS brings the first two. */
const narrowFonts = [
  "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
  "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
  "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf",
  "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
  "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
  "/usr/share/fonts/truetype/freefont/FreeSansBold.ttf",
];

/** The file of a font that draws this text, as far as one is installed; null when there is no known font at all. */
export function findSlateFont(text: string, exists: (path: string) => boolean = existsSync): string | null {
  const fonts = isWide(text) ? [...wideFonts, ...narrowFonts] : [...narrowFonts, ...wideFonts];
  return fonts.find((path) => exists(path)) ?? null;
}
