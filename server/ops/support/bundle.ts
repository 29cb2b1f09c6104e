/**
 * `smart-toggle support`: one tar.gz with what somebody needs who is asked for help. Every file goes through `redact`.
 * Owns a temporary folder, which it removes.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../../lib/errors.js";
import { readAnswer } from "../../process/read-answer.js";
import { redact } from "./redact.js";

/** Name within the bundle, and text. */
export type BundleFile = readonly [name: string, text: string];

const packMs = 30_000;

/**
 * Writes the bundle, for its owner alone. Its place is taken before anything is collected, which takes a while. Rejects
 * `badRequest` where there is a file already, or none can be made. Answers its path.
 */
export async function writeBundle(target: string, collect: () => Promise<readonly BundleFile[]>): Promise<string> {
  const path = resolve(target);
  await takePlace(path);
  try {
    await pack(path, await collect());
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function takePlace(path: string): Promise<void> {
  try {
    await writeFile(path, "", { mode: 0o600, flag: "wx" });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "EEXIST" ? "is there already" : `cannot be made (${code ?? String(cause)})`;
    throw new AppError("badRequest", `${path} ${why}. Name another file.`, { cause });
  }
}

/** Rejects `internal` where it cannot be written. */
async function pack(path: string, files: readonly BundleFile[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "smart-toggle-support-"));
  try {
    const inside = join(folder, "smart-toggle-support");
    for (const [name, text] of files) {
      const file = join(inside, name);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, redact(text), { mode: 0o600 });
    }
    const args = ["--create", "--gzip", `--file=${path}`, `--directory=${folder}`, "smart-toggle-support"];
    const answer = await readAnswer({ program: "tar", args, limitMs: packMs });
    if (answer.known && answer.value.code === 0) return;
    throw new AppError("internal", `The bundle cannot be written: ${answer.known ? answer.value.text : answer.why}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
