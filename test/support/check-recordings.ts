import { execFile } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../server/lib/package-root.js";
import type { CheckResult } from "../../server/recording/check/check-command.js";

export interface CheckAnswer {
  readonly code: number;
  readonly result: CheckResult;
}

/** `smart-toggle check --json` with a product's settings, as a program of its own. */
export function checkRecordings(
  { directory }: { readonly directory: string },
  ...args: string[]
): Promise<CheckAnswer> {
  const program = join(packageRoot, "dist/server/main.js");
  const all = [program, "check", "--json", "--config", join(directory, "settings.json"), ...args];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, all, { cwd: directory, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      try {
        resolve({ code: error === null ? 0 : Number(error.code), result: JSON.parse(stdout) as CheckResult });
      } catch {
        reject(new Error(`check said nothing: ${stderr}`));
      }
    });
  });
}
