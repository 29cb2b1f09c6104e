import { z } from "zod";
import type { Log } from "../../lib/log.js";

const lineSchema = z.looseObject({
  level: z.enum(["error", "warn", "info", "debug"]),
  message: z.string(),
});

/** Passes on a line of the recorder process, which logs JSON on its standard error; anything else is a warning. */
export function logLine(log: Log, line: string): void {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) {
    log.warn(line);
    return;
  }
  const { level, message, ...meta } = parsed.data;
  // Each line gets a time of its own here.
  delete meta["timestamp"];
  log[level](message, meta);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
