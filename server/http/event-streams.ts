/**
 * The server-sent events. Owns every open event stream and closes them in `close`; each event is put into words once,
 * whatever the number of streams.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createEventBuffer, createSession, type EventBuffer, type Session } from "better-sse";
import { addressGroup } from "../accounts/attempts.js";
import { AppError } from "../lib/errors.js";
import { clientAddress } from "./client-address.js";
import type { SmartToggleService } from "./service.js";
import type { Receipt, StatusChange } from "./wire.js";
import type { Incident } from "./wire-protection.js";

interface Stream extends Record<string, unknown> {
  readonly res: ServerResponse;
}

export interface EventStreamsOptions {
  /** Most streams at once, default 256: one for each browser. */
  readonly limit?: number;
  /** Most of one address, default 64: it is not to keep all others away. */
  readonly limitOfAddress?: number;
  /** Time between comments that keep a silent connection open, in milliseconds; default 15 000. */
  readonly commentMs?: number;
}

/** A client that lets so many bytes wait does not read: it is let go, and comes back for a snapshot. */
const mostWaitingBytes = 1024 * 1024;
/** Time after which a browser connects again, in milliseconds. */
const retryMs = 2000;

export class EventStreams {
  readonly #service: SmartToggleService;
  readonly #limit: number;
  readonly #limitOfAddress: number;
  readonly #sessions = new Set<Session<Stream>>();
  readonly #commentTimer: NodeJS.Timeout;
  /** By address. Streams being opened count, too. */
  readonly #places = new Map<ServerResponse, string>();
  #closed = false;

  constructor(service: SmartToggleService, options: EventStreamsOptions = {}) {
    this.#service = service;
    this.#limit = options.limit ?? 256;
    this.#limitOfAddress = options.limitOfAddress ?? 64;
    this.#commentTimer = setInterval(() => {
      this.#send(createEventBuffer().comment().dispatch());
    }, options.commentMs ?? 15_000);
    service.changes.on("change", this.#onChange);
    service.changes.on("receipt", this.#onReceipt);
    service.changes.on("incident", this.#onIncident);
  }

  /** Opens a stream, which begins with a whole snapshot. Throws `tooManyClients`, `shuttingDown`. */
  async connect(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (this.#closed) throw new AppError("shuttingDown", "The service is stopping.");
    this.#takePlace(addressGroup(clientAddress(req)), res);
    // No comments of its own: a client that goes while it connects would leave its timer behind.
    const options = { keepAlive: null, retry: retryMs, trustClientEventId: false, state: { res } };
    const session = await createSession<Stream>(req, res, options);
    if (res.destroyed) return;
    this.#service.attend();
    session.push(this.#service.status(), "snapshot", "");
    this.#sessions.add(session);
    session.once("disconnected", () => this.#sessions.delete(session));
  }

  /** Throws `tooManyClients`. */
  #takePlace(address: string, res: ServerResponse): void {
    const taken = [...this.#places.values()];
    if (taken.length >= this.#limit) throw new AppError("tooManyClients", `${this.#limit} event streams are open.`);
    if (taken.filter((one) => one === address).length >= this.#limitOfAddress) {
      throw new AppError("tooManyClients", `${this.#limitOfAddress} event streams are open to this address.`);
    }
    this.#places.set(res, address);
    res.once("close", () => this.#places.delete(res));
  }

  /** Ends all streams. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#commentTimer);
    this.#service.changes.off("change", this.#onChange);
    this.#service.changes.off("receipt", this.#onReceipt);
    this.#service.changes.off("incident", this.#onIncident);
    for (const { state } of this.#sessions) state.res.end();
    this.#sessions.clear();
  }

  readonly #onChange = (change: StatusChange): void => {
    if (this.#sessions.size > 0) this.#send(createEventBuffer().push(change, "change", ""));
  };

  readonly #onReceipt = (receipt: Receipt): void => {
    this.#send(createEventBuffer().push(receipt, "receipt", ""));
  };

  readonly #onIncident = (incident: Incident): void => {
    if (this.#sessions.size > 0) this.#send(createEventBuffer().push(incident, "incident", ""));
  };

  #send(event: EventBuffer): void {
    for (const session of this.#sessions) {
      const { res } = session.state;
      if (res.writableLength > mostWaitingBytes) res.destroy();
      else void session.batch(event);
    }
  }
}
