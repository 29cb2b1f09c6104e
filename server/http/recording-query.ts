/** The parts of queries about recordings. */
import { z } from "zod";
import { AppError } from "../lib/errors.js";
import { wholeNumber } from "./page-query.js";

const must = "must be a time such as 2026-11-21T14:30:00Z";

/** RFC 3339 as milliseconds since the Unix epoch. A plus that nobody encoded arrives as a space. */
export const instant = (description: string) =>
  z
    .string()
    .transform((text) => text.replace(" ", "+"))
    .pipe(z.iso.datetime({ offset: true, error: must }))
    .transform((text) => Date.parse(text))
    .meta({ description: `${description} (RFC 3339)` });

export const camera = wholeNumber("must be a camera number").meta({ description: "Camera number, from 0" });

export const timeZone = z
  .string()
  .refine(isZone, { error: "must be a time zone such as Europe/Berlin" })
  .meta({ description: "In whose days it is counted, by IANA's name; left out: the device's" });

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format() !== "";
  } catch {
    return false;
  }
}

/** Of an address; what is no number has no recording. Throws `notFound`. */
export function recordingId(text: string, what = "recording"): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError("notFound", `There is no ${what} ${text.slice(0, 20)}.`);
}

/** Throws `badRequest` for a range that ends before it begins. */
export function rangeOf({ from, to }: { readonly from: number; readonly to: number }): { from: number; to: number } {
  if (to <= from) throw new AppError("badRequest", "to must be after from.");
  return { from, to };
}

/** Where a page goes on: the start and the number of the last one of the page before. */
export const pageCursor = z
  .stringFormat("page", /^\d{1,15}-\d{1,15}$/, { error: "must be the `next` of a page" })
  .transform((text) => {
    const [startedAt = 0, id = 0] = text.split("-").map(Number);
    return { startedAt, id };
  });
