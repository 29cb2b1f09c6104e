/** How full folders are. */
import { lstatSync, readdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { known, unknown, whyOf, type Measured } from "../../lib/measured.js";

/** Free bytes on the disk of a folder, as a user without privileges may use them. */
export async function freeBytes(folder: string): Promise<Measured<number>> {
  const { bavail, bsize } = await statfs(folder);
  return known(bavail * bsize);
}

/** Bytes of all files below a folder on tmpfs, where reading at once costs a tenth of reading beside the loop. */
export function bytesBelow(folder: string): Measured<number> {
  try {
    return known(sumBelow(folder));
  } catch (error) {
    return unknown(`The folder of live media cannot be read (${whyOf(error)}).`);
  }
}

function sumBelow(folder: string): number {
  let total = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) total += sumOrNothing(path);
    else total += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return total;
}

/** A folder that was removed since its parent was read holds nothing. */
function sumOrNothing(folder: string): number {
  try {
    return sumBelow(folder);
  } catch {
    return 0;
  }
}
