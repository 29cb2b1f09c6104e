import { readFileSync } from "node:fs";
import { readJson } from "./json-text.js";
import { layerOf, type Layer } from "./layer.js";

/** What a settings file says; `mustExist` when a person named it. */
export function readFileLayer(file: string, mustExist: boolean): Layer {
  let json: string;
  try {
    json = readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !mustExist) return { entries: [], problems: [] };
    // An installed one is for root and the service: a label of a camera may say who lives where.
    if (code === "EACCES") return failed(file, "may not be read", "Run this as root (sudo), or as the service's user.");
    return failed(file, code === "ENOENT" ? "does not exist" : message, "Name another file with --config.");
  }
  const reading = readJson(json);
  if (reading.ok) return layerOf(reading.value, file);
  const place = `line ${reading.line}, column ${reading.column}`;
  return failed(file, `is not valid JSON: at ${place} ${reading.message}`, "Correct it there.");
}

function failed(file: string, message: string, fix: string): Layer {
  return { entries: [], problems: [{ key: file, message, fix }] };
}
