/**
 * The controller's HTTP server, on loopback only; NGINX stands before it. Owns the listening socket, its connections and
 * the event streams, and ends them all in `close`; the service and the media belong to whoever made them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Auth } from "../accounts/auth.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { describePortHolder } from "../process/port-holder.js";
import { AllowList } from "./allow-list.js";
import { answerAccess, isAccessQuestion } from "./access-handler.js";
import { createApi } from "./api.js";
import { clientAddress } from "./client-address.js";
import { Door } from "./door.js";
import { EventStreams, type EventStreamsOptions } from "./event-streams.js";
import { HlsHandler } from "./hls-handler.js";
import { KnownHosts } from "./known-hosts.js";
import { sendProblem } from "./problem.js";
import { routeTable } from "./route-table.js";
import type { MediaSource, SmartToggleService } from "./service.js";
import { isStream, StreamHandler } from "./stream-handler.js";
import type { ViewerCounter } from "./viewers.js";

export interface HttpServerOptions {
  readonly service: SmartToggleService;
  readonly media: MediaSource;
  readonly viewers: ViewerCounter;
  readonly auth: Auth;
  /** NGINX's; the session's cookie has its name by it. */
  readonly publicPort: number;
  /** `http.basePath`: where browsers see us. */
  readonly basePath: string;
  /** `access.allow`, as it is now. */
  readonly allow: () => readonly string[];
  /** Further names of this service, `http.hosts`. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly events?: EventStreamsOptions;
}

/** NGINX keeps idle connections for 60 s; ours must outlast them, or it writes into one that we just closed. */
const keepAliveMs = 75_000;
/** NGINX passes bodies on as they come: one that takes longer is cut, however slowly it drips. */
const bodyMs = 10_000;
/** How often such are looked for. */
const lookMs = 1000;
/** How long answers under way may take at the end. */
const closeMs = 500;

export class HttpServer {
  readonly #server: Server;
  readonly #events: EventStreams;
  readonly #door: Door;

  constructor(options: HttpServerOptions) {
    const { service, log } = options;
    this.#events = new EventStreams(service, options.events);
    const door = new Door(options.auth, options.publicPort, options.basePath);
    this.#door = door;
    const api = createApi(routeTable(service, this.#events, door), door, log);
    const hls = new HlsHandler({ ...options, door });
    const stream = new StreamHandler(service.liveViews, door, log);
    const hosts = new KnownHosts(options.hosts, options.clock);
    const allowed = new AllowList(options.allow);
    const how = { keepAlive: true, noDelay: true, requestTimeout: bodyMs, connectionsCheckingInterval: lookMs };
    this.#server = createServer(how, (req: IncomingMessage, res: ServerResponse) => {
      if (!allowed.admits(clientAddress(req))) refuseAddress(req, res);
      else if (!hosts.knows(req.headers.host)) refuseHost(req, res);
      else if (isAccessQuestion(req.url)) void answerAccess(door, req, res);
      else if (req.url?.startsWith("/hls/")) hls.handle(req, res);
      else if (isStream(req.url)) stream.handle(req, res);
      else api(req, res);
    });
    this.#server.keepAliveTimeout = keepAliveMs;
  }

  /** Listens on loopback and resolves with the port. Rejects `portBusy`, naming who holds it where that can be told. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      const message = `Port ${port} (http.port) is taken${describePortHolder(port)}. Free it or set another one.`;
      throw new AppError("portBusy", message, { cause: error });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends event streams at once, and every connection within half a second. */
  async close(): Promise<void> {
    this.#events.close();
    this.#door.close();
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) =>
      this.#server.close(() => {
        resolve();
      }),
    );
    const timer = new AbortController();
    await Promise.race([closed, wait(closeMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    this.#server.closeAllConnections();
    await closed;
  }
}

function refuseAddress(req: IncomingMessage, res: ServerResponse): void {
  const message = `${clientAddress(req)} is not in access.allow.`;
  sendProblem(res, new AppError("addressRefused", message), req.url?.split("?", 1)[0]);
}

function refuseHost(req: IncomingMessage, res: ServerResponse): void {
  const name = (req.headers.host ?? "").slice(0, 100);
  const message = `This service does not go by the name “${name}”. Add it to http.hosts if it should.`;
  sendProblem(res, new AppError("unknownHost", message), req.url?.split("?", 1)[0]);
}
