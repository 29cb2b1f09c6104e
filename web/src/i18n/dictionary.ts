import type { en } from "./en.js";

/** The same texts, with the same blanks, in any language: a missing or a surplus one does not compile. */
export type Dictionary = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends (...blanks: infer Blanks) => string
    ? (...blanks: Blanks) => string
    : string;
};
