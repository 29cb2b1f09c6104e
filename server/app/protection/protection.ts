/**
 * What watches over the product: figures, guard, stall watch, incidents, gaps, counts, drills. Built before HTTP is
 * served, closed before the switcher; it answers what the API asks about them.
 */
import type { CameraDriver } from "../../camera/driver.js";
import type { GapRequest, MetricsPage, PageRequest, ProtectionService } from "../../http/service.js";
import type {
  Availability,
  Counts,
  DrillName,
  DrillView,
  GapPage,
  GuardView,
  IncidentPage,
  ResourceHistory,
  Resources,
} from "../../http/wire-protection.js";
import type { CameraCatalogue } from "../../camera/catalogue.js";
import type { Incidents } from "../../guard/ledger/incidents.js";
import { ResourceHistory as SampleHistory } from "../../guard/resources/resource-history.js";
import { ResourceMonitor } from "../../guard/resources/resource-monitor.js";
import type { InUse } from "../../guard/ladder.js";
import type { SafetyGuard } from "../../guard/safety-guard.js";
import type { StallWatch } from "../../guard/stall-watch.js";
import type { ViewerCounter } from "../../http/viewers.js";
import { systemClock as clock } from "../../lib/clock.js";
import type { Turns } from "../../ops/liveness.js";
import { supervisorPid } from "../../ops/supervisor-link.js";
import type { Channel } from "../../stream/channel.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";
import type { Rest } from "../../switch/rest.js";
import type { DualCamera } from "../../switch/dual-camera.js";
import type { ModePipeline } from "../../switch/mode-pipeline.js";
import { Bookkeeping } from "./bookkeeping.js";
import { cameraToStart } from "../camera-to-start.js";
import { Drills } from "./drills.js";
import type { Ground } from "../ground.js";
import { Guarding } from "./guarding.js";
import type { RecordingStatus } from "../../http/wire-recording.js";
import { watchStalls } from "./stalls.js";
import { partOf } from "../open-channel.js";

export interface ProtectionParts {
  readonly ground: Ground;
  readonly channel: Channel;
  readonly switcher: CameraSwitcher;
  readonly pipeline: ModePipeline;
  readonly cameras: () => readonly DualCamera[];
  readonly allCameras: readonly DualCamera[];
  readonly catalogue: CameraCatalogue;
  readonly guard: SafetyGuard;
  readonly driver: CameraDriver;
  readonly viewers: ViewerCounter;
  readonly rest: Rest;
  /** What else than the picture the guard may take away. */
  readonly inUse: () => InUse;
  readonly canBeSmall: (camera: number) => boolean;
  readonly recording: () => RecordingStatus;
}

export class Protection implements ProtectionService {
  readonly monitor: ResourceMonitor;
  /** Of `main` first, then of each camera of dual mode. */
  readonly #stalls: readonly StallWatch[];
  readonly #history = new SampleHistory();
  readonly #drills: Drills;
  readonly #guard: SafetyGuard;
  readonly #guarding: Guarding;
  readonly #books: Bookkeeping;

  constructor(parts: ProtectionParts) {
    const { ground, channel, switcher, pipeline, allCameras, catalogue, guard, driver, viewers, rest } = parts;
    const { live, log, store } = ground;
    const { settings } = store;
    const { sysfs, vcgencmdProgram } = settings.guard;
    const { state } = settings.paths;
    const root = supervisorPid() ?? process.pid;
    this.monitor = new ResourceMonitor({ live, state, sysfs, vcgencmdProgram, root, clock, log });
    this.#guard = guard;
    this.#guarding = new Guarding({
      ...{ guard, rest, switcher, channel, clock, log: log.child({ part: "guard" }) },
      ...{ inUse: parts.inUse, canBeSmall: parts.canBeSmall },
      profileOf: (camera) => store.profileOf(camera),
      mode: () => ground.state.mode,
      inForce: () => pipeline.mode,
      canDual: () => pipeline.usableCameras().length > 1,
      cameraToStart: () => cameraToStart({ state: ground.state, catalogue, pipeline }),
    });
    this.monitor.on("sample", (sample) => {
      this.#history.add(sample);
      this.#guarding.note(sample);
    });
    const watched = [{ switcher, channel }, ...allCameras];
    this.#stalls = watched.map((one) =>
      watchStalls(
        settings.health,
        one.switcher,
        one.channel,
        log.child({ part: partOf("stall-watch", one.channel.name) }),
      ),
    );
    this.#drills = new Drills({
      ...{ channel, switcher, rest, monitor: this.monitor, clock },
      guard: () => this.guard(),
      limits: settings.guard,
      usable: () => pipeline.usableCameras(),
      log: log.child({ part: "drill" }),
    });
    this.#books = new Bookkeeping({
      ...{ ground, channel, switcher, allCameras, guard, rest, driver: driver.kind },
      resources: () => this.resources(),
      drill: () => this.#drills.running,
      viewers: () => viewers.count,
      recording: parts.recording,
    });
  }

  get incidentLog(): Incidents {
    return this.#books.incidents;
  }

  /** How often each supervision loop has turned. */
  get turns(): Turns {
    return {
      monitor: () => this.monitor.samples,
      stallWatch: () => Math.min(...this.#stalls.map(({ looks }) => looks)),
    };
  }

  /** From here on the cameras run as the guard allows. */
  begin(): void {
    this.#books.begin();
    this.#guarding.begin();
  }

  async close(): Promise<void> {
    this.#guarding.close();
    await this.#drills.close();
    for (const stalls of this.#stalls) stalls.close();
    this.monitor.close();
    this.#books.close();
  }

  resources(): Resources | null {
    return this.monitor.latest;
  }

  resourceHistory(minutes: number): ResourceHistory {
    return { intervalMs: 1000, samples: this.#history.newest(minutes * 60) };
  }

  guard(): GuardView {
    return this.#guard.view;
  }

  incidents(page: PageRequest): IncidentPage {
    return this.#books.incidentPage(page);
  }

  gaps(page: GapRequest): GapPage {
    return this.#books.channels.gapPage(page);
  }

  availability(): Availability {
    return this.#books.channels.availability();
  }

  counts(hours: number): Counts {
    return this.#books.counts(hours);
  }

  metrics(): Promise<MetricsPage> {
    return this.#books.metricsPage();
  }

  drill(): DrillView | null {
    return this.#drills.view;
  }

  startDrills(names: readonly DrillName[]): DrillView {
    return this.#drills.start(names);
  }
}
