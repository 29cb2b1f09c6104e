/**
 * A route as data: the Express application and the OpenAPI document are both made from it, so neither can know of one
 * that the other does not.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { z } from "zod";
import type { AuditAction } from "../accounts/audit-actions.js";
import type { Access } from "../accounts/role.js";
import type { ErrorCode } from "../lib/errors.js";
import type { Caller } from "./caller.js";
import type { FileAnswer } from "./file-answer.js";
import { fieldErrors } from "./field-errors.js";
import { RequestError, type FieldError } from "./problem.js";

export type Method = "get" | "post" | "put" | "patch" | "delete";

export interface AnswerDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default: application/json. */
  readonly contentType?: string;
}

export interface RouteDescription {
  readonly method: Method;
  /** As Express writes it: `/api/cameras/:camera`. */
  readonly path: `/${string}`;
  /** The least role it takes. Nothing is open by default: each route says it. */
  readonly access: Access;
  /** Done by somebody who is signed in, it is noted in the audit log, with the address and the body. Never where a secret is in these. */
  readonly audit?: AuditAction;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Codes of its own; those that any route may answer are added by the document. */
  readonly errors: readonly ErrorCode[];
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A picture that is made only when the client has not got it already. */
export interface ImageAnswer {
  readonly contentType: string;
  /** In quotation marks; another picture has another one. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  body(): Promise<Buffer>;
}

export interface TextAnswer {
  readonly contentType: string;
  readonly text: string;
}

/** What came in, not yet looked at. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** Let in by the door. */
  readonly caller: Caller;
}

export type Route = RouteDescription &
  (
    | { readonly kind: "json"; run(input: RawInput): Promise<Answer> }
    /** A page of text of the type it says. */
    | { readonly kind: "text"; page(input: RawInput): Promise<TextAnswer> }
    | { readonly kind: "image"; run(input: RawInput): Promise<ImageAnswer> }
    | { readonly kind: "file"; run(input: RawInput): Promise<FileAnswer> }
    /** Writes the answer itself, and goes on writing. */
    | { readonly kind: "stream"; connect(req: IncomingMessage, res: ServerResponse): Promise<void> }
    /** Described here and served by the handlers of /hls/ and /stream, or by NGINX. */
    | { readonly kind: "media" }
  );

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface RouteOptions<Params, Query, Body, Result> extends RouteDescription {
  readonly params?: Params & z.ZodObject;
  readonly query?: Query & z.ZodObject;
  readonly body?: Body & z.ZodType;
  readonly handle: (input: {
    readonly params: Parsed<Params>;
    readonly query: Parsed<Query>;
    readonly body: Parsed<Body>;
    readonly caller: Caller;
  }) => Result | Promise<Result>;
}

/** A route with JSON in and out. Its handler runs only when all of its input is valid. */
export function jsonRoute<Params = undefined, Query = undefined, Body = undefined>(
  options: RouteOptions<Params, Query, Body, Answer>,
): Route {
  return { ...options, kind: "json", run: runner(options) };
}

/** A route that answers a picture. Its handler runs only when all of its input is valid. */
export function imageRoute<Params = undefined, Query = undefined>(
  options: RouteOptions<Params, Query, undefined, ImageAnswer>,
): Route {
  return { ...options, kind: "image", run: runner(options) };
}

/** A route that answers a text that is no JSON. Its handler runs only when all of its input is valid. */
export function textRoute<Params = undefined, Query = undefined>(
  options: RouteOptions<Params, Query, undefined, TextAnswer>,
): Route {
  return { ...options, kind: "text", page: runner(options) };
}

/** A route that answers a file. Its handler runs only when all of its input is valid. */
export function fileRoute<Params = undefined, Query = undefined>(
  options: RouteOptions<Params, Query, undefined, FileAnswer>,
): Route {
  return { ...options, kind: "file", run: runner(options) };
}

function runner<Params, Query, Body, Result>(options: RouteOptions<Params, Query, Body, Result>) {
  const { handle } = options;
  return async (raw: RawInput): Promise<Result> =>
    handle({ ...parse(options, raw), caller: raw.caller } as Parameters<typeof handle>[0]);
}

function parse(schemas: Pick<RouteDescription, "params" | "query" | "body">, raw: RawInput): object {
  const errors: FieldError[] = [];
  const parsed = {
    params: check(schemas.params, raw.params, errors),
    query: check(schemas.query, raw.query, errors),
    body: check(schemas.body, raw.body, errors),
  };
  if (errors.length === 0) return parsed;
  const text = errors.map(({ field, message }) => `${field || "the body"} ${message}`).join("; ");
  throw new RequestError("badRequest", `${text}.`, { errors });
}

function check(schema: z.ZodType | undefined, input: unknown, errors: FieldError[]): unknown {
  const result = schema?.safeParse(input);
  if (result?.success === false) errors.push(...fieldErrors(result.error.issues, input));
  return result?.data;
}

/** 200 with a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}
