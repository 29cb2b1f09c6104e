/**
 * Answers at /stream: the live picture as MJPEG. It stands before Express, because an answer of hours has nothing to
 * gain from it; whoever watches is the hub's from then on.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { mjpegBoundary } from "../live/mjpeg-part.js";
import type { WantedCamera } from "../live/mjpeg-hub.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Caller } from "./caller.js";
import type { Door } from "./door.js";
import { sendProblem, toRequestError } from "./problem.js";
import { cameraNumber } from "./camera-number.js";
import type { LiveService } from "./service.js";

const path = "/stream";
const contentType = `multipart/x-mixed-replace; boundary=${mjpegBoundary}`;
/** For either method: no copy of the picture is to lie about, and no other site may show it. */
const headers = {
  "Cache-Control": "no-store",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/** Whether the address is the stream's, with or without a query. */
export function isStream(url: string | undefined): boolean {
  return url === path || url?.startsWith(`${path}?`) === true;
}

/** `camera` of the query: a number, or `active`, which it is where nothing is said. Throws `unknownCamera`. */
function wantedCamera(url: string | undefined): WantedCamera {
  const text = new URLSearchParams(url?.slice(path.length)).get("camera") ?? "active";
  return text === "active" ? text : cameraNumber(text);
}

export class StreamHandler {
  readonly #live: LiveService;
  readonly #door: Door;
  readonly #log: Log;

  constructor(live: LiveService, door: Door, log: Log) {
    this.#live = live;
    this.#door = door;
    this.#log = log;
  }

  /** Answers any request at /stream. Never throws. */
  handle(req: IncomingMessage, res: ServerResponse): void {
    this.#answer(req, res).catch((thrown: unknown) => {
      if (res.destroyed) return;
      const error = toRequestError(thrown);
      if (error.code === "internal") this.#log.error("a stream failed", { error });
      res.setHeader("X-Problem", error.code);
      sendProblem(res, error, path);
    });
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const caller = await this.#door.enter(req, "viewer");
    if (res.destroyed) return;
    if (req.method === "HEAD") this.#tell(req, res);
    else if (req.method === "GET") await this.#open(caller, req, res);
    else {
      res.setHeader("Allow", "GET, HEAD");
      throw new AppError("methodNotAllowed", "The stream is only read.");
    }
  }

  /** A heartbeat: whether a stream would show something now. */
  #tell(req: IncomingMessage, res: ServerResponse): void {
    const { camera, frameAgeMs } = this.#live.heartbeat(wantedCamera(req.url));
    const told = { "Content-Type": contentType, "X-Camera": camera, "X-Frame-Age-Ms": frameAgeMs };
    res.writeHead(200, { ...headers, ...told }).end();
  }

  async #open(caller: Caller, req: IncomingMessage, res: ServerResponse): Promise<void> {
    await this.#live.openStream(wantedCamera(req.url), caller.address, () => {
      // Its end has been told already, so nobody would hear of it.
      if (res.destroyed) throw new AppError("notLive", "Whoever asked has gone.");
      this.#door.keep(caller, res);
      res.writeHead(200, { ...headers, "Content-Type": contentType });
      return res;
    });
  }
}
