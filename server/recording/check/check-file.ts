import { AppError } from "../../lib/errors.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { readFinishedFile } from "../files/finished-file.js";
import { hashOf } from "../files/finish.js";
import { openIfThere } from "../files/fragment-file.js";

export type FileVerdict =
  | { readonly kind: "sound" }
  | { readonly kind: "missing" }
  /** It is there and is not what the catalogue says; in words. */
  | { readonly kind: "damaged"; readonly why: string };

/** Reads a finished recording whole and holds it against its row. Errors of the file system are passed on. */
export async function checkFile(path: string, row: RecordingRow): Promise<FileVerdict> {
  const file = await openIfThere(path, "r");
  if (file === null) return { kind: "missing" };
  try {
    const found = await readFinishedFile(file);
    const ms = Math.round((found.ticks * 1000) / found.timescale);
    const facts: readonly (readonly [string, number | string, number | string | null])[] = [
      ["size", found.sizeBytes, row.bytes],
      ["frames", found.frames, row.frames],
      ["milliseconds", ms, Math.round((row.end_ticks - row.start_ticks) / 90)],
      ["SHA-256", await hashOf(file), row.sha256],
    ];
    const wrong = facts.filter(([, is, should]) => is !== should);
    if (wrong.length === 0) return { kind: "sound" };
    return {
      kind: "damaged",
      why: wrong.map(([name, is, should]) => `${name}: ${is} instead of ${should ?? "none"}`).join("; "),
    };
  } catch (error) {
    if (error instanceof AppError) return { kind: "damaged", why: error.message };
    throw error;
  } finally {
    await file.close();
  }
}
