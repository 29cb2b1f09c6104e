import type { RecordedPart, RecorderCommand } from "../messages.js";
import { PartsInFlight } from "./parts-in-flight.js";

/** The channels that are recorded, with all their parts that no process has said to be on its tier. */
export class RecordedChannels {
  readonly #flights = new Map<string, PartsInFlight>();

  /** Nothing is recorded, and everything was written down. */
  get isEmpty(): boolean {
    return this.#flights.size === 0;
  }

  /** All that a process which knows nothing has to be told, in order. */
  get commands(): readonly RecorderCommand[] {
    return [...this.#flights].flatMap(([channel, { parts, stopping }]): RecorderCommand[] => [
      { type: "start", channel },
      ...parts.map((part) => ({ type: "part" as const, part })),
      ...(stopping ? [{ type: "stop" as const, channel }] : []),
    ]);
  }

  /** False: it is recorded already. */
  start(channel: string): boolean {
    const flight = this.#flights.get(channel);
    if (flight?.stopping === false) return false;
    if (flight === undefined) this.#flights.set(channel, new PartsInFlight());
    else flight.stopping = false;
    return true;
  }

  /** False: it is not recorded. */
  stop(channel: string): boolean {
    const flight = this.#flights.get(channel);
    if (flight === undefined || flight.stopping) return false;
    flight.stopping = true;
    if (flight.isEmpty) this.#flights.delete(channel);
    return true;
  }

  /** False: its channel is not recorded. */
  part(part: RecordedPart): boolean {
    const flight = this.#flights.get(part.channel);
    if (flight === undefined || flight.stopping) return false;
    flight.push(part);
    return true;
  }

  /** Everything of the channel up to these ticks is done with. */
  written(channel: string, endTicks: number): void {
    const flight = this.#flights.get(channel);
    flight?.written(endTicks);
    if (flight?.stopping === true && flight.isEmpty) this.#flights.delete(channel);
  }
}
