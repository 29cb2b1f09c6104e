import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : findRoot(dirname(folder));
}

/** Folder of package.json: the same whether the code runs compiled from `dist` or as it stands. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Version of the product, as package.json states it. */
export const version = (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string })
  .version;
