import winston from "winston";

/** Where a line belongs: added to a child logger once, then carried by all of its lines. */
export interface LogContext {
  readonly part?: string;
  readonly camera?: number;
  readonly generation?: number;
  readonly switchId?: number;
}

/** The part of winston that this product uses; tests may pass `silentLog`. */
export interface Log {
  error(message: string, meta?: object): void;
  warn(message: string, meta?: object): void;
  info(message: string, meta?: object): void;
  debug(message: string, meta?: object): void;
  child(context: LogContext): Log;
}

export interface LogOptions {
  readonly level: "error" | "warn" | "info" | "debug";
  readonly format: "json" | "pretty";
}

/**
 * Names and labels that people choose stand in lines of ours: what ends a line, steers a terminal or turns the direction of
 * writing would let them write lines of their own.
 */
export function inOneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

const pretty = winston.format.printf(({ timestamp, level, message, ...rest }) => {
  const context = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return inOneLine([String(timestamp), level.padEnd(5), String(message), ...context].join(" "));
});

/** A winston logger on standard error, so that standard output stays free for the answers of commands. */
export function createLog(options: LogOptions): Log {
  const { combine, timestamp, errors, json } = winston.format;
  return winston.createLogger({
    level: options.level,
    format: combine(timestamp(), errors({ stack: true }), options.format === "json" ? json() : pretty),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's own types are at fault
    transports: [new winston.transports.Console({ stderrLevels: ["error", "warn", "info", "debug"] })],
  });
}

const nothing = (): void => undefined;

/** Says nothing. */
export const silentLog: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing, child: () => silentLog };
