import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../server/lib/package-root.js";

/** Compiles the server once before tests that start real programs: these run from `dist`. */
export default function setup(): void {
  const tsc = join(packageRoot, "node_modules/typescript/bin/tsc");
  const result = spawnSync(process.execPath, [tsc, "--build", "tsconfig.build.json"], {
    cwd: packageRoot,
    stdio: "inherit",
  });
  if (result.status !== 0) throw new Error("The server does not compile.");
}
