/** The folder `exports` below the recordings, as former runs left it. A folder in it with a manifest is a whole export. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../lib/log.js";
import { exportKeptMs, type ExportView } from "./export-view.js";
import { manifestSchema, type Manifest } from "./manifest.js";

/** Below the recordings; no folder of a camera has this name. */
export const exportsFolder = "exports";

/** The whole ones; what is none is removed. A folder that cannot be read has none. */
export async function restoreExports(folder: string, log: Log): Promise<ExportView[]> {
  const names = await readdir(folder).catch(() => []);
  const views: ExportView[] = [];
  // A disk of the user's may have a folder of this name already: only what looks like an export is ours.
  for (const name of names.filter((one) => /^\d{13}$/.test(one))) {
    const view = await readFinished(folder, name);
    if (view === null) await discard(folder, name, log);
    else views.push(view);
  }
  return views;
}

/** What cannot be removed now is tried again at the next start. */
async function discard(folder: string, name: string, log: Log): Promise<void> {
  await rm(join(folder, name), { recursive: true, force: true }).catch((error: unknown) => {
    log.warn("what is left of an export could not be removed", { name, error: String(error) });
  });
}

async function readFinished(folder: string, name: string): Promise<ExportView | null> {
  try {
    const names = await readdir(join(folder, name));
    const json = names.find((one) => one.endsWith(".json"));
    if (json === undefined) return null;
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, name, json), "utf8")));
    return names.includes(manifest.file) ? viewOf(Number(name), manifest) : null;
  } catch {
    return null;
  }
}

function viewOf(id: number, { camera, from, to, file, sources, bytes, sha256, ...rest }: Manifest): ExportView {
  const createdAt = Date.parse(rest.createdAt);
  return {
    ...{ id, camera, from: Date.parse(from), to: Date.parse(to), state: "finished", progress: 1, reason: null },
    ...{ createdAt, expiresAt: createdAt + exportKeptMs, name: file, sources: sources.length, bytes, sha256 },
  };
}
