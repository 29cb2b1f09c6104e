/**
 * `smart-toggle verify FILE`: whether a file is what its manifest and the catalogue say. Reads only; may run while the
 * service does.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Connection } from "../../config/database.js";
import { AppError } from "../../lib/errors.js";
import { readCatalogue } from "../catalogue/open-catalogue.js";
import { manifestName, manifestSchema, type Manifest } from "./manifest.js";

export interface Verdict {
  readonly sound: boolean;
  /** What was found, line by line. */
  readonly lines: readonly string[];
}

/**
 * Throws `notFound` for what is no file, and for one of which nothing is known; `badRequest` for a manifest that is none.
 * Other errors of the file system are passed on.
 */
export async function verifyFile(path: string, stateDirectory: string): Promise<Verdict> {
  const sha256 = await sha256Of(path).catch((error: unknown) => noFile(path, error));
  const catalogue = readCatalogue(stateDirectory);
  try {
    const manifest = await readManifest(manifestName(path));
    return manifest === null
      ? verifyRecording(path, sha256, catalogue)
      : verifyExport(manifest, sha256, basename(path), catalogue);
  } finally {
    catalogue?.close();
  }
}

async function readManifest(path: string): Promise<Manifest | null> {
  if (!existsSync(path)) return null;
  const result = manifestSchema.safeParse(jsonOf(await readFile(path, "utf8")));
  if (result.success) return result.data;
  throw new AppError("badRequest", `${path} is no manifest of an export: ${result.error.issues[0]?.message ?? ""}`);
}

/** Undefined, which no manifest is, where it is no JSON: cut off, as a rule. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noFile(path: string, error: unknown): never {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (!["ENOENT", "ENOTDIR", "EISDIR"].includes(code)) throw error;
  throw new AppError("notFound", `${path} is no file.`, { cause: error });
}

function verifyExport(manifest: Manifest, sha256: string, name: string, catalogue: Connection | null): Verdict {
  const isSame = manifest.sha256 === sha256;
  const own = isSame
    ? `${name}: sound, it is the export that was made on ${manifest.createdAt}`
    : `${name}: NOT the export of the manifest (SHA-256 ${sha256}, not ${manifest.sha256})`;
  const sources = manifest.sources.map((source) => sourceLine(source, catalogue));
  return {
    sound: isSame && sources.every(({ sound }) => sound),
    lines: [
      own,
      `camera ${manifest.camera}, ${manifest.from} to ${manifest.to}, ${manifest.gaps.length} gaps`,
      ...sources.map(({ line }) => line),
    ],
  };
}

/** One that retention has removed since is no lie of the manifest's; one with another hash is. */
function sourceLine(
  { id, path, sha256 }: Manifest["sources"][number],
  catalogue: Connection | null,
): { readonly sound: boolean; readonly line: string } {
  if (catalogue === null) return { sound: true, line: `  ${path}: no catalogue to compare with` };
  const row = catalogue
    .prepare<[number, string], { sha256: string | null }>("SELECT sha256 FROM recordings WHERE id = ? AND path = ?")
    .get(id, path);
  if (row === undefined) return { sound: true, line: `  ${path}: not in the catalogue any more` };
  const sound = row.sha256 === sha256;
  return { sound, line: `  ${path}: ${sound ? "as in the catalogue" : "NOT as in the catalogue"}` };
}

function verifyRecording(path: string, sha256: string, catalogue: Connection | null): Verdict {
  const name = basename(path);
  const row = catalogue
    ?.prepare<[string, string], { id: number; path: string }>(
      "SELECT id, path FROM recordings WHERE sha256 = ? AND path LIKE '%' || ? LIMIT 1",
    )
    .get(sha256, name);
  if (row !== undefined) return { sound: true, lines: [`${name}: sound, it is recording ${row.id} (${row.path})`] };
  const advice = `There is no manifest beside it (${manifestName(name)}), and the catalogue has no such recording.`;
  throw new AppError("notFound", `Nothing is known of ${name}. ${advice}`);
}

/** Of a file, in hexadecimal. */
export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, signal === undefined ? {} : { signal });
  return hash.digest("hex");
}
