/**
 * StateManager: what the service was doing, so that a restart goes on from there. Settings are not here (see
 * settings-store). It owns the table `state`; the database is closed by whoever opened it.
 *
 * Invariant (I3): of the numbers reserved for a channel, none at or above a stored bound was ever used, also after a
 * power cut. Bounds are written in blocks, half a block before they are reached, so that a memory card is written to
 * once in five minutes and the write has long been synced when it counts.
 */
import { z } from "zod";
import type { Connection, Database } from "./database.js";

const count = z.number().int().min(0);

const reservationSchema = z.object({
  /** Media sequence of a segment. */
  mediaSequence: count,
  /** Number of a part. */
  part: count,
  /** Media time, in 1/90 000 s. */
  ticks: count,
  /** Kept as it is, not in blocks: a jump without a discontinuity confuses players. */
  discontinuitySequence: count,
  /** Milliseconds since the Unix epoch at tick 0. Kept as it is. */
  epochMs: z.number(),
  /** Of the init segment last published. Kept as it is. */
  initHash: z.string().exactOptional(),
});

/** The numbers of one channel, each the next one to be used. */
export type Reservation = z.infer<typeof reservationSchema>;

const modeSchema = z.enum(["toggle", "dual", "off"]);
/** Whether cameras run at all (A1: privacy), and whether one at a time or all of them. */
export type StoredMode = z.infer<typeof modeSchema>;

const byHandSchema = z.record(
  z.string(),
  z.discriminatedUnion("kind", [
    /** `leftMs`: how long it still lasts; null: until somebody stops it. A length, for the wall clock may be set meanwhile. */
    z.object({ kind: z.literal("started"), leftMs: z.number().nullable() }),
    z.object({ kind: z.literal("stopped") }),
  ]),
);
/** Recordings that a person started or stopped, by camera number: they go on over a restart. */
export type StoredByHand = z.infer<typeof byHandSchema>;

/** Ten minutes: segments of 1 s, parts of 0.2 s, ticks of 1/90 000 s. */
const block = { mediaSequence: 600, part: 3000, ticks: 600 * 90_000 } as const;
const counters = ["mediaSequence", "part", "ticks"] as const;
const exact = ["discontinuitySequence", "epochMs", "initHash"] as const;
const generationBlock = 100;

/** The bounds to store now that these numbers come next; null when the stored ones still reach far enough. Pure. */
export function nextBounds(stored: Reservation | undefined, next: Reservation): Reservation | null {
  const reaches = stored !== undefined && counters.every((key) => next[key] + block[key] / 2 <= stored[key]);
  if (reaches && exact.every((key) => next[key] === stored[key])) return null;
  const bounds = { ...next };
  for (const key of counters) bounds[key] = Math.max(next[key] + block[key], stored?.[key] ?? 0);
  return bounds;
}

export class StateManager {
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #bounds = new Map<string, Reservation>();
  #nextGeneration: number;
  #generationBound: number;
  /** Asked for several times a second. */
  #mode: StoredMode;
  #activeCamera: number | null;

  constructor(database: Database) {
    this.#database = database;
    this.#connection = database.connection;
    this.#generationBound = this.#read("generation", count) ?? 1;
    this.#nextGeneration = this.#generationBound;
    this.#mode = this.#read("mode", modeSchema) ?? "toggle";
    this.#activeCamera = this.#read("activeCamera", count.nullable()) ?? null;
  }

  /** A number that no generation had before, over restarts too. From 1. */
  nextGeneration(): number {
    const number = this.#nextGeneration++;
    if (this.#nextGeneration + generationBlock / 2 > this.#generationBound) this.#reserveGenerations();
    return number;
  }

  /** Number of the camera last committed; null before the first switch. */
  get activeCamera(): number | null {
    return this.#activeCamera;
  }

  /** Known from here on even where it cannot be written down, which throws. */
  set activeCamera(camera: number | null) {
    this.#activeCamera = camera;
    void this.#write("activeCamera", camera);
  }

  get mode(): StoredMode {
    return this.#mode;
  }

  /** In force from here on even where it cannot be written down, which throws. */
  set mode(mode: StoredMode) {
    this.#mode = mode;
    void this.#write("mode", mode);
  }

  get recordingByHand(): StoredByHand {
    return this.#read("recordingByHand", byHandSchema) ?? {};
  }

  set recordingByHand(byHand: StoredByHand) {
    void this.#write("recordingByHand", byHand);
  }

  /** Bounds never yet reached, to begin from when the playlist on tmpfs is lost; undefined for a new channel. */
  reservation(channel: string): Reservation | undefined {
    return this.#bounds.get(channel) ?? this.#read(`channel.${channel}`, reservationSchema);
  }

  /**
   * Says which numbers of a channel come next. Call it before they are used, as often as wanted: it writes only when
   * the stored bounds come near. Whoever begins a run waits for the answer, so that its first numbers survive a power
   * cut too; later it need not be waited for.
   */
  async reserve(channel: string, next: Reservation): Promise<void> {
    const bounds = nextBounds(this.reservation(channel), next);
    if (bounds === null) return;
    const written = this.#write(`channel.${channel}`, bounds);
    this.#bounds.set(channel, bounds);
    await written;
  }

  /** A database that refuses costs the reservation, never the picture; it is asked again with the next number. */
  #reserveGenerations(): void {
    const bound = this.#nextGeneration + generationBlock;
    try {
      void this.#write("generation", bound);
      this.#generationBound = bound;
    } catch {
      // Whoever writes all the time (the gap ledger) says and logs that nothing can be written.
    }
  }

  /** A value of an older version that no longer fits counts as none. */
  #read<Value>(key: string, schema: z.ZodType<Value>): Value | undefined {
    const row = this.#connection.prepare<[string], { value: string }>("SELECT value FROM state WHERE key = ?").get(key);
    return row === undefined ? undefined : schema.safeParse(JSON.parse(row.value)).data;
  }

  #write(key: string, value: unknown): Promise<void> {
    const upsert = "INSERT INTO state VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    this.#connection.prepare(upsert).run(key, JSON.stringify(value));
    return this.#database.flush();
  }
}
