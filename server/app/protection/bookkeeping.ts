/**
 * What is kept for later: incidents, the gap ledger, operators' counts, metrics. `Protection` makes it and closes it,
 * before the database goes. It reads what the parts say and changes nothing of them.
 */
import { OperatorCounts } from "../../guard/ledger/counts.js";
import { Incidents } from "../../guard/ledger/incidents.js";
import { SafeWrites } from "../../guard/ledger/safe-writes.js";
import type { SafetyGuard } from "../../guard/safety-guard.js";
import type { Counts, DrillName, IncidentPage, Resources } from "../../http/wire-protection.js";
import type { MetricsPage, PageRequest } from "../../http/service.js";
import { systemClock as clock } from "../../lib/clock.js";
import { version } from "../../lib/package-root.js";
import { Metrics } from "../../ops/metrics.js";
import { readLastEnd } from "../../ops/supervisor-link.js";
import type { Channel } from "../../stream/channel.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";
import type { DualCamera } from "../../switch/dual-camera.js";
import type { Rest } from "../../switch/rest.js";
import type { Ground } from "../ground.js";
import { ChannelBooks } from "./channel-books.js";
import {
  reportCameras,
  reportChannels,
  reportDatabase,
  reportEncoders,
  reportFrozen,
  reportGuard,
  reportOutages,
} from "./incident-sources.js";
import type { RecordingStatus } from "../../http/wire-recording.js";
import { readingOf } from "./metrics-reading.js";
import { pageOf } from "./page-of.js";

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
  readonly channels: ChannelBooks;
  readonly metrics: Metrics;
  readonly #p: BookkeepingParts;
  readonly #writes: SafeWrites;
  readonly #counts: OperatorCounts;
  readonly #timer: NodeJS.Timeout;
  /** By camera, since the start of the service. */
  readonly #frames: number[] = [];
  #countedMs = clock.monotonicMs();
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
    this.metrics = new Metrics({ version, driver: parts.driver, read: () => this.#reading() });
    this.channels = new ChannelBooks({ ...parts, writes, metrics: this.metrics });
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
    const { items, next } = pageOf(incidents, limit);
    return { incidents: items, next };
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
    this.channels.close(this.#hasBegun);
    this.metrics.close();
  }

  #warn(problem: string | null): void {
    const { guard } = this.#p;
    if (problem === null) guard.unwarn("stateUnwritable");
    else guard.warn("stateUnwritable", `${problem}: nothing new is kept on disk. Check the disk of the state folder.`);
  }

  #report(): void {
    const { switcher, guard, ground, allCameras } = this.#p;
    const { incidents, metrics, channels } = this;
    let newestId = 0;
    // An incident is told again when it ends, and when a burst goes on.
    incidents.on("incident", ({ id, kind }) => {
      if (id > newestId) metrics.incident(kind);
      newestId = Math.max(newestId, id);
    });
    reportDatabase(incidents, ground.database.setAside);
    reportCameras(incidents, switcher);
    for (const one of allCameras) reportCameras(incidents, one.switcher);
    if (readLastEnd(process.env) === null) reportOutages(incidents, channels.main.ledger);
    for (const { channel, ledger } of channels.all) reportFrozen(incidents, ledger, channel);
    reportChannels(
      incidents,
      channels.all.map(({ channel }) => channel),
    );
    reportEncoders(incidents, ground.encoders);
    reportGuard(incidents, guard);
    const { inMemory } = ground.database;
    if (inMemory === "readOnly") this.#warn("The state folder is read-only");
    if (inMemory === "full") this.#warn("The disk of the state folder was full at the start");
  }

  #listen(): void {
    const { switcher, guard, allCameras } = this.#p;
    const { metrics, channels } = this;
    for (const { channel } of channels.all) {
      channel.on("frame", ({ camera }) => {
        // What a channel follows counts its frames itself.
        if (channel.followed === null) this.#countFrame(camera);
      });
    }
    guard.on("changed", ({ to }) => {
      metrics.guardChanged(to);
    });
    switcher.on("receipt", ({ outcome, trigger, totalMs }) => {
      this.#counts.switched(outcome === "committed");
      metrics.switched(outcome ?? "failed", trigger, totalMs ?? 0);
    });
    for (const one of [switcher, ...allCameras.map((camera) => camera.switcher)]) {
      one.on("changed", () => {
        this.#look();
      });
    }
  }

  #countFrame(camera: number): void {
    while (this.#frames.length <= camera) this.#frames.push(0);
    this.#frames[camera] = (this.#frames[camera] ?? 0) + 1;
  }

  #look(): void {
    if (this.#isClosed) return;
    this.channels.look();
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
    const { resources, guard, viewers, switcher, allCameras, recording } = this.#p;
    const { state } = switcher;
    const own = allCameras.filter(({ isLive }) => isLive).map(({ camera }) => camera);
    return readingOf({
      channels: this.channels.all.map(({ channel, ledger }) => ({
        name: channel.name,
        newestArrivedMs: channel.newestFrame?.arrivedMs ?? null,
        availability: ledger.availability(),
      })),
      liveCameras: own.length > 0 || state.kind !== "idle" ? own : [state.live],
      frames: this.#frames,
      nowMs: clock.monotonicMs(),
      epochMs: clock.epochMs(),
      guard: guard.view,
      viewers: viewers(),
      resources: resources(),
      recording: recording(),
    });
  }
}
