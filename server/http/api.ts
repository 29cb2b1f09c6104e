/** The Express application, made from the table of routes. Owns nothing; whoever owns the server closes it. */
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
import helmet from "helmet";
import { AppError } from "../lib/errors.js";
import { groupBy } from "../lib/group-by.js";
import type { Log } from "../lib/log.js";
import { sendFile } from "./file-answer.js";
import { isTooDeep } from "./nesting.js";
import { sendProblem, toRequestError } from "./problem.js";
import { credentialsOf, type Caller } from "./caller.js";
import type { Door } from "./door.js";
import type { ImageAnswer, RawInput, Route } from "./route.js";
import { isSameOrigin } from "./same-origin.js";

/** No answer is a page: one that a browser shows by itself may show itself, and no more. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    imgSrc: ["'self'"],
    mediaSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** A settings.json with eight full profiles has about 6 KB. */
const bodyLimitBytes = 64 * 1024;

const neverStored: RequestHandler = (_req, res, next) => {
  res.setHeader("Cache-Control", "no-store");
  next();
};

/** Refuses a mutation that another site's page may have caused, before its body is read. */
const onlyOurOwn: RequestHandler = (req, res, next) => {
  // Whom the browser signs in by itself must come from our page; a key or token is no browser's doing.
  const byCookie = callerIn(res).identity !== null && credentialsOf(req.headers, "").bearer === null;
  if (!isSameOrigin(req.headers, byCookie)) {
    throw new AppError("foreignOrigin", "Send it from this service's own page, or without Origin.");
  }
  // A form of another site cannot have this type without asking first (CORS), which is never granted.
  if (req.is("application/json") === false) {
    throw new AppError("wrongContentType", "Send it with Content-Type: application/json.");
  }
  next();
};

const notDeep: RequestHandler = (req, _res, next) => {
  if (isTooDeep(req.body)) throw new AppError("badJson", "It is nested too deeply.");
  next();
};

const readBody: RequestHandler[] = [
  onlyOurOwn,
  express.json({ limit: bodyLimitBytes, inflate: false, type: () => true }),
  notDeep,
];

function inputOf(req: Request, res: Response): RawInput {
  return { params: req.params, query: req.query, body: req.body as unknown, caller: callerIn(res) };
}

/** Before anything else of a route, and before its body is read. */
function letIn(door: Door, route: Route): RequestHandler {
  return async (req, res, next) => {
    const caller = await door.enter(req, route.access);
    // Its end was told while the token was checked; nobody who listens from here on would hear of it.
    if (res.destroyed) return;
    (res.locals as Locals).caller = caller;
    if (route.kind === "stream") door.keep(caller, res);
    next();
  };
}

interface Locals {
  caller?: Caller;
}

function callerIn(res: Response): Caller {
  const { caller } = res.locals as Locals;
  if (caller === undefined) throw new AppError("internal", "A route was reached past the door.");
  return caller;
}

/** 304, and no picture made, for a client that has it. */
async function sendImage(req: Request, res: Response, image: ImageAnswer): Promise<void> {
  res.set({ ...image.headers, ETag: image.etag });
  if (namesTag(req.headers["if-none-match"], image.etag)) {
    res.status(304).end();
    return;
  }
  const body = await image.body();
  if (!res.destroyed) res.set({ "Content-Type": image.contentType, "Content-Length": String(body.length) }).end(body);
}

/** Whether a list of tags (RFC 9110) has this one; caches may have made it a weak one. */
function namesTag(list: string | undefined, etag: string): boolean {
  const tags = (list ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

/** As much of a body as tells what was done. */
const toldOfBody = 200;

/** What an entry of the audit log tells beside who and what: the blanks of the address, and the body. */
function subjectOf({ params, body }: RawInput): string {
  const blanks = Object.values(params as Record<string, string>);
  return [...blanks, ...(body === undefined ? [] : [JSON.stringify(body).slice(0, toldOfBody)])].join(" ");
}

function answering(route: Route, door: Door): RequestHandler {
  return async (req, res) => {
    if (route.kind === "text") {
      const { contentType, text } = await route.page(inputOf(req, res));
      // Not Express's own way, which would put the type's parameters into another order.
      if (!res.destroyed) res.setHeader("Content-Type", contentType).end(text);
    } else if (route.kind === "stream") {
      await route.connect(req, res);
    } else if (route.kind === "image") {
      await sendImage(req, res, await route.run(inputOf(req, res)));
    } else if (route.kind === "file") {
      await sendFile(req, res, await route.run(inputOf(req, res)));
    } else if (route.kind === "json") {
      const input = inputOf(req, res);
      const { status, body, headers } = await route.run(input);
      if (route.audit !== undefined) door.note(route.audit, input.caller, subjectOf(input));
      if (!res.destroyed) res.status(status).set(headers).json(body);
    }
  };
}

function refuseOtherMethods(routes: readonly Route[]): RequestHandler {
  const methods = routes.map(({ method }) => method.toUpperCase());
  const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].sort().join(", ");
  return (req, res) => {
    res.setHeader("Allow", allow);
    throw new AppError("methodNotAllowed", `${req.method} is not taken here, but ${allow}.`);
  };
}

const nothingHere: RequestHandler = (req) => {
  throw new AppError("notFound", `There is nothing at ${req.path}.`);
};

function answerProblem(log: Log): ErrorRequestHandler {
  // Express knows a handler of errors by its four parameters.
  return (thrown, req, res, _next) => {
    const error = toRequestError(thrown);
    if (error.code === "internal") log.error("a request failed", { method: req.method, path: req.path, error });
    sendProblem(res, error, req.path);
  };
}

/** Serves the routes of the table (all but `media`) and answers everything else with a problem document. */
export function createApi(table: readonly Route[], door: Door, log: Log): Express {
  const app = express();
  app.set("etag", false).set("query parser", "simple").disable("x-powered-by");
  app.use(helmet({ strictTransportSecurity: false, contentSecurityPolicy }), neverStored);
  const byPath = groupBy(
    table.filter(({ kind }) => kind !== "media"),
    ({ path }) => path,
  );
  for (const [path, routes] of byPath) {
    for (const route of routes) {
      const before = route.method === "get" ? [] : readBody;
      app[route.method](path, letIn(door, route), ...before, answering(route, door));
    }
    app.route(path).all(refuseOtherMethods(routes));
  }
  app.use(nothingHere, answerProblem(log));
  return app;
}
