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
import { clientAddress } from "./client-address.js";
import { sendProblem, toRequestError } from "./problem.js";
import type { ImageAnswer, RawInput, Route } from "./route.js";
import { isSameOrigin } from "./same-origin.js";

/** A settings.json with eight full profiles has about 6 KB. */
const bodyLimitBytes = 64 * 1024;

const neverStored: RequestHandler = (_req, res, next) => {
  res.setHeader("Cache-Control", "no-store");
  next();
};

/** Refuses a mutation that another site's page may have caused, before its body is read. */
const onlyOurOwn: RequestHandler = (req, _res, next) => {
  if (!isSameOrigin(req.headers)) {
    throw new AppError("foreignOrigin", "Send it from this service's own page, or without Origin.");
  }
  // A form of another site cannot have this type without asking first (CORS), which is never granted.
  if (req.is("application/json") === false) {
    throw new AppError("wrongContentType", "Send it with Content-Type: application/json.");
  }
  next();
};

const readBody: RequestHandler[] = [
  onlyOurOwn,
  express.json({ limit: bodyLimitBytes, inflate: false, type: () => true }),
];

function inputOf(req: Request): RawInput {
  return { params: req.params, query: req.query, body: req.body as unknown, address: clientAddress(req) };
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

function answering(route: Route): RequestHandler {
  return async (req, res) => {
    if (route.kind === "text") {
      const { contentType, text } = await route.page();
      // Not Express's own way, which would put the type's parameters into another order.
      if (!res.destroyed) res.setHeader("Content-Type", contentType).end(text);
    } else if (route.kind === "stream") {
      await route.connect(req, res);
    } else if (route.kind === "image") {
      await sendImage(req, res, await route.run(inputOf(req)));
    } else if (route.kind === "json") {
      const { status, body, headers } = await route.run(inputOf(req));
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
export function createApi(table: readonly Route[], log: Log): Express {
  const app = express();
  app.set("etag", false).set("query parser", "simple").disable("x-powered-by");
  app.use(helmet({ strictTransportSecurity: false }), neverStored);
  const byPath = groupBy(
    table.filter(({ kind }) => kind !== "media"),
    ({ path }) => path,
  );
  for (const [path, routes] of byPath) {
    for (const route of routes) {
      const before = route.method === "get" ? [] : readBody;
      app[route.method](path, ...before, answering(route));
    }
    app.route(path).all(refuseOtherMethods(routes));
  }
  app.use(nothingHere, answerProblem(log));
  return app;
}
