import type { ErrorCode } from "../../../server/http/wire.js";

/** The service's codes, and the page's own for no answer at all. A code without a text does not compile. */
export type ErrorTexts = Readonly<Record<ErrorCode | "unreachable", string>>;

/** Text for a code; one that this page does not know yet keeps the service's own words. */
export function errorText(texts: ErrorTexts, code: string, message: string): string {
  return Object.hasOwn(texts, code) ? texts[code as keyof ErrorTexts] : message;
}
