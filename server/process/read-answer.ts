import { text } from "node:stream/consumers";
import { known, unknown, type Measured } from "../lib/measured.js";
import { silentLog } from "../lib/log.js";
import { Child } from "./child.js";
import { killLadder } from "./stop-ladder.js";

export interface Question {
  /** Name on the PATH, or a path. */
  readonly program: string;
  readonly args: readonly string[];
  /** The program is killed after so long, in milliseconds. */
  readonly limitMs: number;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Answer {
  /** Exit code; null: a signal ended it. */
  readonly code: number | null;
  /** Standard output, then the last lines of standard error. */
  readonly text: string;
}

/** Asks a program that ends by itself. Unknown when it is missing, or does not end in time. Never rejects. */
export async function readAnswer({ program, args, limitMs, env }: Question): Promise<Measured<Answer>> {
  const child = new Child({ name: program, program, args, stdout: "pipe", ...(env && { env }), log: silentLog });
  const late = setTimeout(() => void child.stop("hangs", killLadder), limitMs);
  const [said, { code, reason, error }] = await Promise.all([text(child.stdout).catch(() => ""), child.exited]);
  clearTimeout(late);
  if (error !== undefined) return unknown(error.message);
  if (reason !== null) return unknown(`${program} did not answer within ${limitMs / 1000} s.`);
  return known({ code, text: [said, ...child.recentLines].join("\n").trim() });
}
