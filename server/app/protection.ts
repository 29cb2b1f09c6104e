/**
 * What watches over the product: figures, guard, stall watch, incidents, gaps, counts, drills. Built before HTTP is
 * served, closed before the switcher; it answers what the API asks about them.
 */
import type { PageRequest, ProtectionService } from "../http/service.js";
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
} from "../http/wire-protection.js";
import { ResourceHistory as SampleHistory } from "../guard/resource-history.js";
import { ResourceMonitor } from "../guard/resource-monitor.js";
import type { StallWatch } from "../guard/stall-watch.js";
import { systemClock as clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Channel } from "../stream/channel.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { Ground } from "./ground.js";
import { watchStalls } from "./stalls.js";

export interface ProtectionParts {
  readonly ground: Ground;
  readonly channel: Channel;
  readonly switcher: CameraSwitcher;
}

export class Protection implements ProtectionService {
  readonly monitor: ResourceMonitor;
  readonly #stalls: StallWatch;
  readonly #history = new SampleHistory();

  constructor({ ground, channel, switcher }: ProtectionParts) {
    const { live, log, store } = ground;
    const { settings } = store;
    const { sysfs, vcgencmdProgram } = settings.guard;
    const { state } = settings.paths;
    this.monitor = new ResourceMonitor({ live, state, sysfs, vcgencmdProgram, clock, log });
    this.monitor.on("sample", (sample) => {
      this.#history.add(sample);
    });
    this.#stalls = watchStalls(settings.health, switcher, channel, log.child({ part: "stall-watch" }));
  }

  close(): void {
    this.#stalls.close();
    this.monitor.close();
  }

  resources(): Resources | null {
    return this.monitor.latest;
  }

  resourceHistory(minutes: number): ResourceHistory {
    return { intervalMs: 1000, samples: this.#history.newest(minutes * 60) };
  }

  guard(): GuardView {
    return { level: "normal", rung: "normal", since: 0, reason: null, backInMs: null, warnings: [] };
  }

  incidents(_page: PageRequest): IncidentPage {
    return { incidents: [], next: null };
  }

  gaps(_page: PageRequest): GapPage {
    return { gaps: [], next: null };
  }

  availability(): Availability {
    const none = { percent: null, observedMs: 0, missingMs: 0, plannedMs: 0, gaps: 0 };
    return { hour: none, day: none, month: none };
  }

  counts(_hours: number): Counts {
    return { hours: [] };
  }

  drill(): DrillView | null {
    return null;
  }

  startDrills(_names: readonly DrillName[]): DrillView {
    throw new AppError("modeForbids", "There are no drills yet.");
  }
}
