import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The path of a program: as it stands when it names a folder, else the first match on the PATH; null when there is none
 * that may be executed. Asked before a start, because the error of a launcher would have to be read from its text.
 */
export function findProgram(program: string, path: string = process.env["PATH"] ?? ""): string | null {
  if (program.includes("/")) return isExecutable(program) ? program : null;
  const candidates = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, program));
  return candidates.find(isExecutable) ?? null;
}
