import type { ServerResponse } from "node:http";
import { TooManyAttempts } from "../accounts/too-many-attempts.js";
import { AppError, errorCodes, toAppError, type ErrorCode } from "../lib/errors.js";
import { ViewersFull } from "../live/viewers-full.js";
import type { Problem, Receipt } from "./wire.js";
import type { ViewersFullProblem } from "./wire-live.js";

export interface FieldError {
  /** Dotted name of the field (`zoom.x`); empty for the whole body. */
  readonly field: string;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

/** What a problem document carries beyond the error itself. */
export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly receipt?: Receipt;
  /** Seconds after which it is worth to ask again. */
  readonly retryAfterSeconds?: number;
}

/** An AppError with more to say to the client. */
export class RequestError extends AppError {
  readonly extras: ProblemExtras;

  constructor(code: ErrorCode, message: string, extras: ProblemExtras) {
    super(code, message);
    this.extras = extras;
  }
}

/**
 * The problem document (RFC 9457) of an error. What went wrong inside stays inside: the message of an unexpected error
 * may name files and programs, and is for the log alone.
 */
export function toProblem(
  error: AppError,
  instance?: string,
): Problem & { receipt?: Receipt; holders?: ViewersFullProblem["holders"] } {
  const { status, title } = errorCodes[error.code];
  const { errors, receipt } = error instanceof RequestError ? error.extras : {};
  return {
    type: `urn:smart-toggle:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.code === "internal" ? "The log of the service says more." : error.message,
    ...(instance !== undefined && { instance }),
    ...(errors && { errors: [...errors] }),
    ...(receipt && { receipt }),
    ...(error instanceof ViewersFull && { holders: [...error.holders] }),
  };
}

/** Whatever a handler, Express or its body parser threw, as an AppError. */
export function toRequestError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { type, status } = (thrown ?? {}) as { type?: unknown; status?: unknown };
  if (type === "entity.parse.failed") return new AppError("badJson", "Send one JSON object.", { cause: thrown });
  if (status === 413) return new AppError("bodyTooLarge", "Send less.", { cause: thrown });
  if (status === 415) return new AppError("wrongContentType", "Send JSON in UTF-8, not compressed.", { cause: thrown });
  // The rest of 4xx: an address that cannot be decoded, a body shorter than announced.
  if (status === 400) return new AppError("badRequest", "The address or the body is malformed.", { cause: thrown });
  return toAppError(thrown);
}

/** Answers with a problem document; nothing if the answer has begun already. */
export function sendProblem(res: ServerResponse, error: AppError, instance?: string): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const problem = toProblem(error, instance);
  const { retryAfterSeconds } =
    error instanceof RequestError ? error.extras : error instanceof TooManyAttempts ? error : {};
  const body = Buffer.from(JSON.stringify(problem));
  res.writeHead(problem.status, {
    "Content-Type": "application/problem+json",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    ...(retryAfterSeconds !== undefined && { "Retry-After": String(retryAfterSeconds) }),
  });
  res.end(body);
}
