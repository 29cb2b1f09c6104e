import { EventEmitter } from "node:events";
import type { Clock } from "../lib/clock.js";
import type { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";

/** Signatures only; the working version follows. */
export interface PlaylistStart {
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly part: number;
  readonly ticks: number;
  /** Program date time of a tick = epochMs + ticks / 90. */
  readonly epochMs: number;
}

export interface Reservation {
  readonly reserved?: PlaylistStart;
  /** Must have been stored when it returns; called about twice a minute on the loop that publishes: be quick. */
  reserve(upTo: PlaylistStart): void;
}

export interface PublisherOptions {
  readonly channel: string;
  readonly directory: string;
  readonly windowSeconds: number;
  readonly keepSeconds: number;
  readonly reservation: Reservation;
  readonly clock: Clock;
  readonly log: Log;
}

export interface GenerationInfo {
  readonly generation: number;
  readonly camera: number;
  readonly label: string;
  /** Where its encoder writes init.mp4 and p000000.m4s, p000001.m4s, …; made if missing. */
  readonly directory: string;
}

export interface PublishedPart {
  readonly generation: number;
  readonly camera: number;
  readonly uri: string;
  readonly ticks: number;
  readonly startTicks: number;
  readonly independent: boolean;
  readonly publishedMs: number;
  /** When the encoder last wrote to the raw part, in milliseconds since the Unix epoch. */
  readonly rawMtimeMs: number;
}

export interface GenerationPublisher {
  readonly generation: number;
  /** The encoder has exited: publishes the tail, closes the segment. Never rejects. */
  end(): Promise<{ readonly parts: number; readonly ticks: number }>;
}

export type ReloadAnswer =
  | { readonly kind: "ready"; readonly text: Buffer }
  | { readonly kind: "bad"; readonly message: string }
  | { readonly kind: "timeout" }
  | { readonly kind: "aborted" };

export interface PlaylistWaiters {
  /** Answer to `GET live.m3u8`; `query` as Express parses it. */
  reload(query: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ReloadAnswer>;
  /** Answer to a request for a part that is not on disk (yet). */
  waitForPart(uri: string, signal: AbortSignal): Promise<"published" | "notFound" | "timeout" | "aborted">;
}

export declare class Publisher extends EventEmitter<{ part: [PublishedPart]; error: [AppError] }> {
  static open(options: PublisherOptions): Promise<Publisher>;
  readonly waiters: PlaylistWaiters;
  /** The playlist as published; null before the first part of a channel that has none from an earlier run. */
  get text(): Buffer | null;
  /** Media time at which the next part will start. */
  get edgeTicks(): number;
  begin(info: GenerationInfo): GenerationPublisher;
  close(): Promise<void>;
}
