/**
 * Answers below /hls/: the playlist, and media that are named but not written yet. It stands before Express, because
 * 200 viewers ask five times a second (measured in docs/decisions.md).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Door } from "./door.js";
import { RequestError, sendProblem, toRequestError } from "./problem.js";
import type { MediaSource, PlaylistAnswer } from "./service.js";
import type { ViewerCounter } from "./viewers.js";

const address = /^\/hls\/([a-z0-9]{1,16})\/([A-Za-z0-9_-]{1,64}\.(?:m3u8|m4s|mp4))$/;
const playlistName = "live.m3u8";
/** Where NGINX keeps media for redirects of ours alone. */
const internalPrefix = "/_media";

export interface HlsHandlerOptions {
  readonly media: MediaSource;
  readonly viewers: ViewerCounter;
  readonly door: Door;
  readonly log: Log;
}

/** Each playlist is compressed once, however many players wait for it. */
const compressed = new WeakMap<Buffer, Buffer>();

function compress(body: Buffer): Buffer {
  const known = compressed.get(body);
  if (known !== undefined) return known;
  const zipped = gzipSync(body, { level: 4 });
  compressed.set(body, zipped);
  return zipped;
}

function sendPlaylist(req: IncomingMessage, res: ServerResponse, plain: Buffer): void {
  const zip = req.headers["accept-encoding"]?.includes("gzip") === true;
  const body = zip ? compress(plain) : plain;
  res.writeHead(200, {
    "Content-Type": "application/vnd.apple.mpegurl",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    Vary: "Accept-Encoding",
    ...(zip && { "Content-Encoding": "gzip" }),
  });
  res.end(req.method === "HEAD" ? undefined : body);
}

function toError(answer: Exclude<PlaylistAnswer, { kind: "playlist" }>): AppError {
  switch (answer.kind) {
    case "refused":
      return new AppError("badRequest", answer.message);
    case "unknown":
      return new AppError("notFound", "There is no such channel.");
    case "unavailable":
      return unavailable(answer);
  }
}

/** Guard and rest have codes of their own: for all else it is enough that there is no picture. */
function unavailable({ reason, retryAfterSeconds }: Extract<PlaylistAnswer, { kind: "unavailable" }>): AppError {
  const code = reason.code === "guardStopped" || reason.code === "resting" ? reason.code : "notLive";
  return new RequestError(code, reason.message, { retryAfterSeconds });
}

/** Aborts when the client has gone before its answer. */
function goneSignal(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) controller.abort();
  });
  return controller.signal;
}

export class HlsHandler {
  readonly #media: MediaSource;
  readonly #viewers: ViewerCounter;
  readonly #door: Door;
  readonly #log: Log;

  constructor({ media, viewers, door, log }: HlsHandlerOptions) {
    this.#media = media;
    this.#viewers = viewers;
    this.#door = door;
    this.#log = log;
  }

  /** Answers any request below /hls/. Never throws. */
  handle(req: IncomingMessage, res: ServerResponse): void {
    const [path = "", search = ""] = (req.url ?? "").split("?", 2);
    this.#answer(req, res, path, search).catch((thrown: unknown) => {
      const error = toRequestError(thrown);
      if (error.code === "internal") this.#log.error("a media request failed", { path, error });
      sendProblem(res, error, path);
    });
  }

  async #answer(req: IncomingMessage, res: ServerResponse, path: string, search: string): Promise<void> {
    if (req.method !== "GET" && req.method !== "HEAD") {
      res.setHeader("Allow", "GET, HEAD");
      throw new AppError("methodNotAllowed", "Media are only read.");
    }
    await this.#door.enter(req, "viewer");
    if (res.destroyed) return;
    const [, channel, name] = address.exec(path) ?? [];
    if (channel === undefined || name === undefined) throw new AppError("notFound", `There is nothing at ${path}.`);
    if (name === playlistName) await this.#playlist(req, res, channel, new URLSearchParams(search));
    else await this.#file(res, channel, name);
  }

  async #playlist(req: IncomingMessage, res: ServerResponse, channel: string, query: URLSearchParams): Promise<void> {
    this.#count(req, query);
    const answer = await this.#media.playlist(channel, Object.fromEntries(query), goneSignal(res));
    if (res.destroyed) return;
    if (answer.kind !== "playlist") throw toError(answer);
    sendPlaylist(req, res, answer.body);
  }

  async #file(res: ServerResponse, channel: string, name: string): Promise<void> {
    const state = await this.#media.media(channel, name, goneSignal(res));
    if (res.destroyed) return;
    if (state === "absent") throw new AppError("notFound", "It was never written, or is gone by now.");
    res.writeHead(200, { "X-Accel-Redirect": `${internalPrefix}/${channel}/${name}`, "Content-Length": 0 });
    res.end();
  }

  /** NGINX says the address, except for the controller's own read-back. */
  #count(req: IncomingMessage, query: URLSearchParams): void {
    const client = req.headers["x-real-ip"];
    if (typeof client === "string" && client !== "") {
      this.#viewers.saw(
        `${client} ${query.get("viewer")?.slice(0, 40) ?? req.headers["user-agent"]?.slice(0, 200) ?? ""}`,
      );
    }
  }
}
