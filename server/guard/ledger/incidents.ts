/**
 * What a person who looks after the cameras would want to know of later, in SQLite: kept 30 days, and 5000 at the most.
 * Owns the table `incidents`; the database is closed by whoever opened it.
 *
 * Invariants: one open incident for each code and camera; a database that cannot be written costs the record, never the
 * service: incidents then live on in memory and are written when it can be written again; a burst of the same is one
 * incident that counts.
 */
import { EventEmitter } from "node:events";
import type { Connection } from "../../config/database.js";
import type { Clock } from "../../lib/clock.js";
import type { SafeWrites } from "./safe-writes.js";

export type IncidentKind = "guard" | "camera" | "encoder" | "nginx" | "controller" | "storage" | "power" | "budget";
export type Severity = "info" | "warning" | "error";

export interface NewIncident {
  readonly kind: IncidentKind;
  /** Stable. */
  readonly code: string;
  readonly severity: Severity;
  readonly camera?: number | null;
  /** What happened, what was done, and what a person must do, if anything. */
  readonly message: string;
  readonly value?: number | null;
  readonly threshold?: number | null;
}

export interface Incident extends Required<NewIncident> {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Null while it lasts; equal to `at` for what is only a moment. */
  readonly endedAt: number | null;
}

interface Row extends Omit<Incident, "endedAt"> {
  readonly ended_at: number | null;
}

/** The newest one of a code and camera, to tell a burst. */
interface Newest {
  readonly incident: Incident;
  /** Without the count. */
  readonly message: string;
  readonly times: number;
  readonly lastMs: number;
}

export interface IncidentsOptions {
  readonly db: Connection;
  readonly writes: SafeWrites;
  readonly clock: Clock;
}

/** Bounded by their number alone: by age, a wall clock that is false for a moment would delete them all. */
const mostKept = 5000;
/** Kept in memory: what the database may not have. */
const mostInMemory = 200;
/** The same again so soon is the same incident, counted. */
const burstMs = 60_000;

export class Incidents extends EventEmitter<{ incident: [Incident] }> {
  readonly #o: IncidentsOptions;
  readonly #newest = new Map<string, Newest>();
  readonly #recent = new Map<number, Incident>();
  #lastId: number;

  constructor(options: IncidentsOptions) {
    super();
    this.#o = options;
    const { db, writes, clock } = options;
    this.#lastId = (db.prepare("SELECT max(id) AS id FROM incidents").get() as { id: number | null }).id ?? 0;
    writes.run("UPDATE incidents SET ended_at = max(at, ?) WHERE ended_at IS NULL", Math.round(clock.epochMs()));
  }

  /** Writes down what was only a moment. */
  note(incident: NewIncident): Incident {
    return this.#add(incident, true);
  }

  /** Writes down what lasts until `end`. If the same lasts already, nothing changes. */
  begin(incident: NewIncident): Incident {
    const open = this.#newest.get(keyOf(incident.code, incident.camera));
    return open?.incident.endedAt === null ? open.incident : this.#add(incident, false);
  }

  /** What began is over; nothing, if it had not begun. */
  end(code: string, camera: number | null = null): void {
    const key = keyOf(code, camera);
    const open = this.#newest.get(key);
    if (open?.incident.endedAt !== null) return;
    this.#keep(key, { ...open, lastMs: this.#o.clock.monotonicMs() }, this.#now(open.incident.at));
  }

  /** Newest first; `before` excludes that id and all newer ones. */
  list({ limit, before = Number.MAX_SAFE_INTEGER }: { readonly limit: number; readonly before?: number }): Incident[] {
    const found = new Map(this.#rows(limit, before).map((incident) => [incident.id, incident]));
    for (const [id, incident] of this.#recent) if (id < before) found.set(id, incident);
    return [...found.values()].sort((a, b) => b.id - a.id).slice(0, limit);
  }

  #add(incident: NewIncident, momentary: boolean): Incident {
    const nowMs = this.#o.clock.monotonicMs();
    const key = keyOf(incident.code, incident.camera);
    const former = this.#newest.get(key);
    const again = former !== undefined && nowMs - former.lastMs < burstMs;
    const at = again ? former.incident.at : this.#now();
    const whole: Incident = {
      camera: null,
      value: null,
      threshold: null,
      ...incident,
      id: again ? former.incident.id : ++this.#lastId,
      at,
      endedAt: null,
    };
    const times = again ? former.times + 1 : 1;
    const endedAt = momentary ? this.#now(at) : null;
    return this.#keep(key, { incident: whole, message: incident.message, times, lastMs: nowMs }, endedAt);
  }

  #keep(key: string, newest: Newest, endedAt: number | null): Incident {
    const { message, times } = newest;
    const said = times > 1 ? `${message} (${times} times)` : message;
    const incident: Incident = { ...newest.incident, endedAt, message: said };
    this.#newest.set(key, { ...newest, incident });
    this.#recent.set(incident.id, incident);
    for (const id of this.#recent.keys()) if (this.#recent.size > mostInMemory) this.#recent.delete(id);
    this.#write(incident);
    this.emit("incident", incident);
    return incident;
  }

  #write(one: Incident): void {
    const { writes } = this.#o;
    writes.run(
      `INSERT OR REPLACE INTO incidents
       (id, at, ended_at, kind, code, severity, camera, message, value, threshold)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[one.id, one.at, one.endedAt, one.kind, one.code, one.severity, one.camera, one.message],
      ...[one.value, one.threshold],
    );
    if (one.id % 50 === 0) writes.run("DELETE FROM incidents WHERE id <= ?", one.id - mostKept);
  }

  /** A database that cannot be read either leaves what is in memory. */
  #rows(limit: number, before: number): Incident[] {
    try {
      const rows = this.#o.db
        .prepare("SELECT * FROM incidents WHERE id < ? ORDER BY id DESC LIMIT ?")
        .all(before, limit) as Row[];
      return rows.map(({ ended_at: endedAt, ...row }) => ({ ...row, endedAt }));
    } catch {
      return [];
    }
  }

  /** The wall clock may have gone back since `at`. */
  #now(at = 0): number {
    return Math.max(at, Math.round(this.#o.clock.epochMs()));
  }
}

const keyOf = (code: string, camera: number | null | undefined): string => `${code} ${camera ?? ""}`;
