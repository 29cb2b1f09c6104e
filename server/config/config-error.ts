import { AppError } from "../lib/errors.js";

/** Where a value comes from; the later wins over the earlier. `database`: changed while the service ran. */
export const origins = ["default", "file", "database", "environment"] as const;
export type Origin = (typeof origins)[number];

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** Dotted key (`http.port`), or what was written in its place when there is no such key. */
  readonly key: string;
  /** As it was found; undefined when the problem is not one of a value. */
  readonly value?: unknown;
  /** Where it was written: a file with its line, or the name of a variable. */
  readonly source?: string;
  readonly message: string;
  /** What the person can do. */
  readonly fix: string;
}

function toLine({ key, value, source, message, fix }: ConfigProblem): string {
  const shown = value === undefined ? key : `${key} = ${JSON.stringify(value)}`;
  return `  ${shown}${source === undefined ? "" : ` (${source})`}: ${message}. ${fix}`;
}

/**
 * Settings that cannot be used; `problems` is all that is wrong with them, not only the first. Code `configInvalid` at
 * the start, `badRequest` for a change that was asked for while the service runs.
 */
export class ConfigError extends AppError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], code: "configInvalid" | "badRequest" = "configInvalid") {
    const count = problems.length === 1 ? "is one problem" : `are ${problems.length} problems`;
    super(code, [`There ${count} with the settings:`, ...problems.map(toLine)].join("\n"));
    this.problems = problems;
  }
}
