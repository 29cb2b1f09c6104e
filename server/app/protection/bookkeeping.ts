/**
 * What is kept for later: incidents, the gap ledger, operators' counts, metrics. `Protection` makes it and closes it,
 * before the database goes. It reads what the parts say and changes nothing of them.
 */
import { uptime } from "node:os";
import { join } from "node:path";
import { OperatorCounts } from "../../guard/ledger/counts.js";
import { GapLedger } from "../../guard/ledger/gap-ledger.js";
import { GapStore } from "../../guard/ledger/gap-store.js";
import { Incidents } from "../../guard/ledger/incidents.js";
import { SafeWrites } from "../../guard/ledger/safe-writes.js";
import type { SafetyGuard } from "../../guard/safety-guard.js";
import { SignOfLife } from "../../guard/ledger/sign-of-life.js";
import type { Availability, Counts, DrillName, GapPage, IncidentPage, Resources } from "../../http/wire-protection.js";
import type { MetricsPage, PageRequest } from "../../http/service.js";
import { systemClock as clock } from "../../lib/clock.js";
import { version } from "../../lib/package-root.js";
import { Metrics } from "../../ops/metrics.js";
import { readLastEnd } from "../../ops/supervisor-link.js";
import { readBootId } from "../../process/child-records.js";
import type { Channel } from "../../stream/channel.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";
import type { DualCamera } from "../../switch/dual-camera.js";
import type { Rest } from "../../switch/rest.js";
import { sceneOf } from "./gap-scene.js";
import type { Ground } from "../ground.js";
import {
  reportCameras,
  reportChannel,
  reportDatabase,
  reportEncoders,
  reportGaps,
  reportGuard,
} from "./incident-sources.js";
import type { RecordingStatus } from "../../http/wire-recording.js";
import { readingOf } from "./metrics-reading.js";

export interface BookkeepingParts {
  readonly ground: Ground;
  readonly channel: Channel;
  readonly switcher: CameraSwitcher;
  /** Of dual mode. */
  readonly allCameras: readonly DualCamera[];
  readonly driver: "rpicam" | "simulated";
  readonly resources: () => Resources | null;
  readonly guard: SafetyGuard;
  readonly rest: Rest;
  readonly drill: () => DrillName | null;
  readonly viewers: () => number;
  readonly recording: () => RecordingStatus;
}

/** The ledger is exact to the frame; this is how soon it notices. */
const lookMs = 250;
const countMs = 1000;

export class Bookkeeping {
  readonly incidents: Incidents;
  readonly ledger: GapLedger;
  readonly metrics: Metrics;
  readonly #p: BookkeepingParts;
  readonly #writes: SafeWrites;
  readonly #counts: OperatorCounts;
  readonly #timer: NodeJS.Timeout;
  /** By camera, since the start of the service. */
  readonly #frames: number[] = [];
  #countedMs = clock.monotonicMs();
  #publishProblem: string | null = null;
  /** The start went well, so that an end of the service is somebody's wish. */
  #hasBegun = false;
  #isClosed = false;

  constructor(parts: BookkeepingParts) {
    this.#p = parts;
    const { database, store, log } = parts.ground;
    const db = database.connection;
    const nowMs = clock.epochMs();
    this.#writes = new SafeWrites({
      db,
      log,
      onChange: (problem) => {
        this.#warn(problem);
      },
    });
    const writes = this.#writes;
    this.incidents = new Incidents({ db, writes, clock });
    this.#counts = new OperatorCounts({ db, writes, thresholds: store.settings.guard, nowMs });
    this.ledger = this.#openLedger();
    this.metrics = new Metrics({ version, driver: parts.driver, read: () => this.#reading() });
    this.#report();
    this.#listen();
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  /** The service is whole; from here on its end is asked for, unless it crashes. */
  begin(): void {
    this.#hasBegun = true;
  }

  incidentPage({ limit, before }: PageRequest): IncidentPage {
    const incidents = this.incidents.list({ limit: limit + 1, ...(before !== undefined && { before }) });
    return { incidents: incidents.slice(0, limit), next: nextOf(incidents, limit) };
  }

  gapPage({ limit, before }: PageRequest): GapPage {
    const gaps = this.ledger.list({ limit: limit + 1, ...(before !== undefined && { before }) });
    return { gaps: gaps.slice(0, limit), next: nextOf(gaps, limit) };
  }

  availability(): Availability {
    return this.ledger.availability();
  }

  counts(hours: number): Counts {
    return { hours: this.#counts.hours(hours, clock.epochMs()) };
  }

  async metricsPage(): Promise<MetricsPage> {
    return { contentType: this.metrics.contentType, text: await this.metrics.text() };
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#count();
    this.#counts.flush();
    this.ledger.close(this.#hasBegun);
    this.metrics.close();
  }

  #warn(problem: string | null): void {
    const { guard } = this.#p;
    if (problem === null) guard.unwarn("stateUnwritable");
    else guard.warn("stateUnwritable", `${problem}: nothing new is kept on disk. Check the disk of the state folder.`);
  }

  #openLedger(): GapLedger {
    const { ground, channel } = this.#p;
    const { database, live, state, store, log } = ground;
    return new GapLedger({
      channel: channel.name,
      limits: { silentMs: 1000, frozenMs: store.settings.health.frozenMs },
      store: new GapStore({ db: database.connection, writes: this.#writes, nowMs: clock.epochMs() }),
      sign: new SignOfLife(join(live, "sign-of-life.json")),
      bootId: readBootId(),
      uptimeMs: () => uptime() * 1000,
      isOn: state.mode !== "off",
      camera: state.activeCamera,
      clock,
      log: log.child({ part: "ledger" }),
    });
  }

  #report(): void {
    const { switcher, channel, guard, ground } = this.#p;
    const { incidents, metrics } = this;
    let newestId = 0;
    // An incident is told again when it ends, and when a burst goes on.
    incidents.on("incident", ({ id, kind }) => {
      if (id > newestId) metrics.incident(kind);
      newestId = Math.max(newestId, id);
    });
    reportDatabase(incidents, ground.database.setAside);
    reportCameras(incidents, switcher);
    for (const one of this.#p.allCameras) reportCameras(incidents, one.switcher);
    reportGaps(incidents, this.ledger, readLastEnd(process.env) !== null);
    reportChannel(incidents, channel);
    reportEncoders(incidents, ground.encoders);
    reportGuard(incidents, guard);
    if (ground.database.isInMemory) this.#warn("The state folder is read-only");
  }

  #listen(): void {
    const { switcher, channel, guard } = this.#p;
    const { ledger, metrics } = this;
    channel.on("frame", ({ camera, arrivedMs }) => {
      while (this.#frames.length <= camera) this.#frames.push(0);
      this.#frames[camera] = (this.#frames[camera] ?? 0) + 1;
      ledger.frame(arrivedMs, channel.source?.identicalSinceMs ?? null);
    });
    channel.on("part", ({ publishedMs, rawMtimeMs }) => {
      this.#publishProblem = null;
      ledger.part(publishedMs);
      metrics.partPublished(channel.name, clock.epochMs() - rawMtimeMs);
    });
    for (const { channel: own } of this.#p.allCameras) {
      own.on("part", ({ rawMtimeMs }) => {
        metrics.partPublished(own.name, clock.epochMs() - rawMtimeMs);
      });
      own.on("encoderBroken", () => {
        metrics.encoderRestarted(own.name);
      });
    }
    channel.publisher.on("error", ({ code, message }) => {
      if (code === "publishFailed") this.#publishProblem = message;
    });
    channel.on("encoderBroken", () => {
      metrics.encoderRestarted(channel.name);
    });
    guard.on("changed", ({ to }) => {
      metrics.guardChanged(to);
    });
    ledger.on("gap", ({ to, code, ms }) => {
      if (to !== null) metrics.gapEnded(channel.name, code, ms);
    });
    switcher.on("receipt", ({ outcome, trigger, totalMs }) => {
      this.#counts.switched(outcome === "committed");
      metrics.switched(outcome ?? "failed", trigger, totalMs ?? 0);
    });
    switcher.on("changed", () => {
      this.#look();
    });
  }

  #look(): void {
    if (this.#isClosed) return;
    const { ground, switcher, guard, rest, drill } = this.#p;
    this.ledger.look(
      sceneOf({
        mode: ground.state.mode,
        state: switcher.state,
        guard: guard.view,
        resting: rest.isResting,
        drill: drill(),
        publishProblem: this.#publishProblem,
      }),
    );
    if (clock.monotonicMs() - this.#countedMs >= countMs) this.#count();
  }

  #count(): void {
    const nowMs = clock.monotonicMs();
    const seconds = (nowMs - this.#countedMs) / 1000;
    this.#countedMs = nowMs;
    const { resources, guard, viewers } = this.#p;
    const { cpuPercent = null, temperatureC = null, memoryPercent = null } = resources() ?? {};
    const figures = { cpuPercent, temperatureC, memoryPercent };
    this.#counts.look({ nowMs: clock.epochMs(), seconds, ...figures, level: guard.view.level, viewers: viewers() });
  }

  #reading() {
    const { channel, resources, guard, viewers, switcher } = this.#p;
    const { state } = switcher;
    return readingOf({
      channel: channel.name,
      liveCamera: state.kind === "idle" ? state.live : null,
      frames: this.#frames,
      newestArrivedMs: channel.newestFrame?.arrivedMs ?? null,
      nowMs: clock.monotonicMs(),
      epochMs: clock.epochMs(),
      guard: guard.view,
      viewers: viewers(),
      resources: resources(),
      recording: this.#p.recording(),
      availability: this.availability(),
    });
  }
}

function nextOf(rows: readonly { readonly id: number }[], limit: number): number | null {
  return rows.length > limit ? (rows[limit - 1]?.id ?? null) : null;
}
