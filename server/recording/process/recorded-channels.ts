import type { RecordedPart, RecorderCommand } from "../messages.js";
import { PartsInFlight } from "./parts-in-flight.js";
import type { ToldEntry } from "./told-journal.js";

/** The channels that are recorded, with all their parts that no process has said to be on its tier. */
export class RecordedChannels {
  /** Of the runs of the service before this one. */
  readonly #former = new Map<string, PartsInFlight>();
  readonly #flights = new Map<string, PartsInFlight>();
  /** Channels that this run of the service has left unrecorded, up to the first part that a file can begin with. */
  readonly #off = new Set<string>();

  constructor(former: readonly ToldEntry[] = []) {
    for (const entry of former) {
      if ("part" in entry) this.#formerOf(entry.part.channel).push(entry.part);
      else this.written(entry.written.channel, entry.written.endTicks);
    }
  }

  /** Nothing is recorded, and everything was written down. */
  get isEmpty(): boolean {
    return this.#former.size === 0 && this.#flights.size === 0;
  }

  /** Every part that was told is on the tier, or was given up. */
  get areAllWritten(): boolean {
    return this.#former.size === 0 && [...this.#flights.values()].every(({ isEmpty }) => isEmpty);
  }

  /** All that a process which knows nothing has to be told, in order. */
  get commands(): readonly RecorderCommand[] {
    return [...this.#formerCommands, ...this.#presentCommands];
  }

  get #formerCommands(): RecorderCommand[] {
    return [...this.#former].flatMap(([channel, { parts }]): RecorderCommand[] => [
      { type: "start", channel },
      ...parts.map((part) => ({ type: "part" as const, part })),
      { type: "stop", channel, why: "restarted" },
    ]);
  }

  get #presentCommands(): RecorderCommand[] {
    return [...this.#flights].flatMap(([channel, { parts, stopping }]): RecorderCommand[] => [
      { type: "start", channel },
      ...parts.map((part) => ({ type: "part" as const, part })),
      ...(stopping ? [{ type: "stop" as const, channel, why: "off" as const }] : []),
    ]);
  }

  /** Null: it is recorded already. `isLate`: what a former run of the service recorded ended long ago. */
  start(channel: string, isLate: boolean): RecorderCommand | null {
    const flight = this.#flights.get(channel);
    if (flight?.stopping === false) return null;
    if (flight === undefined) this.#flights.set(channel, new PartsInFlight());
    else flight.stopping = false;
    if (isLate) this.#off.add(channel);
    return { type: "start", channel };
  }

  /** False: it is not recorded. */
  stop(channel: string): boolean {
    this.#off.add(channel);
    const flight = this.#flights.get(channel);
    if (flight === undefined || flight.stopping) return false;
    flight.stopping = true;
    if (flight.isEmpty) this.#flights.delete(channel);
    return true;
  }

  /** As it is to be told; null: its channel is not recorded. */
  part(part: RecordedPart): RecordedPart | null {
    const flight = this.#flights.get(part.channel);
    if (flight === undefined || flight.stopping) return null;
    const told: RecordedPart = this.#off.has(part.channel) ? { ...part, afterOff: true } : part;
    if (part.independent) this.#off.delete(part.channel);
    flight.push(told);
    return told;
  }

  /** Everything of the channel up to these ticks is done with. */
  written(channel: string, endTicks: number): void {
    const former = this.#former.get(channel);
    former?.written(endTicks);
    if (former?.isEmpty === true) this.#former.delete(channel);
    const flight = this.#flights.get(channel);
    flight?.written(endTicks);
    if (flight?.stopping === true && flight.isEmpty) this.#flights.delete(channel);
  }

  #formerOf(channel: string): PartsInFlight {
    const known = this.#former.get(channel);
    if (known !== undefined) return known;
    const made = new PartsInFlight();
    this.#former.set(channel, made);
    return made;
  }
}
