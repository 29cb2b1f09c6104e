import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { classifyLine, type CameraMessage } from "./stderr-classifier.js";

/** What is worth a word about a source that runs on. */
export type SourceWarning =
  /** A valid JPEG, smaller or larger than usual (D4). */
  | { readonly kind: "unusualBytes"; readonly bytes: number; readonly minBytes: number; readonly maxBytes: number }
  /** A JPEG of another size than the profile's; it is not shown. 0 by 0: none is stated. */
  | { readonly kind: "wrongSize"; readonly width: number; readonly height: number }
  /** Incomplete or malformed JPEGs, counted since the start of the source. */
  | { readonly kind: "torn"; readonly torn: number; readonly discardedBytes: number }
  /** The program restarts the camera by itself. */
  | { readonly kind: "restarting" }
  /** The sensor sends no data. */
  | { readonly kind: "frontendTimeout" };

/** Least time between two warnings of one kind. */
const quietMs = 10_000;
/** Messages kept for the classification of the end; a program that restarts inside for ever says the same for ever. */
const keptMessages = 50;

/** Listens to one source's standard error and passes on its warnings, each kind now and then only. */
export class SourceTrouble {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tell: (warning: SourceWarning) => void;
  readonly #warnedMs = new Map<SourceWarning["kind"], number>();
  readonly #messages: CameraMessage[] = [];

  constructor(clock: Clock, log: Log, tell: (warning: SourceWarning) => void) {
    this.#clock = clock;
    this.#log = log;
    this.#tell = tell;
  }

  /** The latest messages, without mere chatter. */
  get messages(): readonly CameraMessage[] {
    return this.#messages;
  }

  /** Answers what the line says. */
  hear(line: string): CameraMessage {
    const message = classifyLine(line);
    if (message.kind === "restarting" || message.kind === "frontendTimeout") this.warn(message);
    else this.#log.debug(line);
    if (message.kind !== "chatter") this.#messages.push(message);
    if (this.#messages.length > keptMessages) this.#messages.shift();
    return message;
  }

  warn(warning: SourceWarning): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#warnedMs.get(warning.kind) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    this.#warnedMs.set(warning.kind, nowMs);
    this.#log.warn("trouble with the camera", warning);
    this.#tell(warning);
  }
}
