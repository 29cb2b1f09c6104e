/**
 * Recording as the rest of the product sees it: what the API asks, what the status says. Owns the control and what is
 * remembered of the catalogue's totals; the recorder's client belongs to the composition root.
 */
import { EventEmitter } from "node:events";
import { defaultRecordingPlan, type RecordingPlan } from "../../config/recording-plan.js";
import type { SettingsInput } from "../../config/schema.js";
import type { RecordingService } from "../../http/service-recording.js";
import type { RecordingPlans, RecordingStart, RecordingStatus, RecordingStop } from "../../http/wire-recording.js";
import type { Mode } from "../../http/wire.js";
import { systemClock as clock } from "../../lib/clock.js";
import { RecordingControl } from "../../recording/control/recording-control.js";
import type { FileTicket, LibraryKind, LibraryRequests, TotalsView } from "../../recording/library/requests.js";
import type { RecordedPart, RecorderConfig } from "../../recording/messages.js";
import type { RecorderClient } from "../../recording/process/recorder-client.js";
import type { Ground } from "../ground.js";
import { recordingStatus } from "./recording-status.js";

export interface RecordingsParts {
  readonly ground: Ground;
  readonly client: RecorderClient;
  readonly config: RecorderConfig;
  /** Throws `unknownCamera`. */
  readonly checkCamera: (camera: number) => void;
  /** Numbers of all cameras. */
  readonly cameras: () => readonly number[];
  /** Cameras whose picture is on a channel now. */
  readonly shown: () => readonly number[];
}

/** What the rest of the product does for it. */
export interface RecordingsSteering {
  change(settings: SettingsInput): Promise<unknown>;
  mode(): Mode;
  setMode(mode: Mode): Promise<unknown>;
}

/** Totals change with each finished file, twice a minute for each channel; so often they are asked for anyway. */
const minuteMs = 60_000;
/** A disk that is gone or nearly full is told of within this, though nothing is recorded: a look costs 0.1 s of a core. */
const minutesPerLook = 5;
const soonMs = 1000;

export class Recordings extends EventEmitter<{ changed: [] }> implements RecordingService {
  readonly #p: RecordingsParts;
  readonly #control: RecordingControl;
  readonly #timer: NodeJS.Timeout;
  #minutes = 0;
  /** The time of both cameras has come, and dual mode was refused as yet. */
  #isOwed = false;
  #asksSoon: NodeJS.Timeout | undefined;
  #askingForAll: Promise<boolean> | null = null;
  #steering: RecordingsSteering | null = null;
  #totals: TotalsView | null = null;
  #asking = false;

  constructor(parts: RecordingsParts) {
    super();
    this.#p = parts;
    const { client, ground } = parts;
    const log = ground.log.child({ part: "recording" });
    this.#control = new RecordingControl({
      ...{ recorder: client, clock, log, store: ground.state, cameras: parts.cameras },
      planOf: (camera) => this.#planOf(camera),
    });
    this.#control.on("changed", () => this.emit("changed")).on("due", () => void this.#askForScheduled());
    client.on("back", this.#ask).on("event", this.#ask).on("asleep", this.#tell);
    this.#timer = setInterval(this.#onMinute, minuteMs);
  }

  /** Given later than the rest, for the service tells it of changes. */
  steer(steering: RecordingsSteering): void {
    this.#steering = steering;
  }

  /** Some camera is to be recorded now: the cameras may not rest. */
  get isWanted(): boolean {
    return this.#wanted.length > 0;
  }

  /** A part was published. */
  part(part: RecordedPart): void {
    this.#control.part(part);
  }

  /** These settings were changed, by their dotted keys. */
  configured(keys: readonly string[]): void {
    const planned = keys.flatMap((key) => /^recording\.plans\.(\d)/.exec(key)?.[1] ?? []).map(Number);
    this.#control.planned([...new Set(planned)]);
    const { keepDays, maxGb, minFreeHours, minFreeMb } = this.#p.ground.store.settings.recording;
    this.#p.client.configure({ ...this.#p.config, retention: { keepDays, maxGb, minFreeHours, minFreeMb } });
  }

  status(): RecordingStatus {
    const { client, cameras, shown } = this.#p;
    return recordingStatus({
      cameras: cameras().map((camera) => ({ camera, control: this.#control.camera(camera) })),
      shown: shown(),
      away: client.away,
      recorder: client.status,
      space: client.space,
      totals: this.#totals,
      nowMs: clock.monotonicMs(),
      epochMs: clock.epochMs(),
    });
  }

  start({ cameras, limitSeconds }: RecordingStart): Promise<RecordingStatus> {
    return this.#afterCheck(cameras, async () => {
      this.#control.start(cameras, limitSeconds ?? this.#p.ground.store.settings.recording.handLimitSeconds);
      await this.#askForAll();
    });
  }

  stop({ cameras = [...this.#p.cameras()] }: RecordingStop): Promise<RecordingStatus> {
    return this.#afterCheck(cameras, () => {
      this.#control.stop(cameras);
    });
  }

  plans(): RecordingPlans {
    return { cameras: Object.fromEntries(this.#p.cameras().map((camera) => [camera, this.#planOf(camera)])) };
  }

  async setPlans({ cameras }: RecordingPlans): Promise<RecordingPlans> {
    for (const camera of Object.keys(cameras)) this.#p.checkCamera(Number(camera));
    await this.#steering?.change({ recording: { plans: cameras } });
    await this.#askForAll();
    return this.plans();
  }

  ask<Kind extends LibraryKind>(
    kind: Kind,
    params: LibraryRequests[Kind]["params"],
  ): Promise<LibraryRequests[Kind]["result"]> {
    return this.#p.client.request(kind, params);
  }

  folderOf(place: FileTicket["in"]): string {
    const { directory, playbackDirectory } = this.#p.config;
    return place === "recordings" ? directory : playbackDirectory;
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#asksSoon);
    this.#p.client.off("back", this.#ask).off("event", this.#ask).off("asleep", this.#tell);
    this.#control.close();
  }

  #planOf(camera: number): RecordingPlan {
    return this.#p.ground.store.settings.recording.plans[camera] ?? defaultRecordingPlan;
  }

  async #afterCheck(cameras: readonly number[], act: () => void | Promise<void>): Promise<RecordingStatus> {
    for (const camera of cameras) this.#p.checkCamera(camera);
    await act();
    return this.status();
  }

  get #wanted(): number[] {
    return this.#p.cameras().filter((camera) => this.#control.wanted(camera).record);
  }

  /**
   * Two cameras are recorded together in dual mode only. Where that is refused, the status says what is not recorded.
   * True: nothing is left to be asked for. Once at a time: a plan that is set may be due as well.
   */
  #askForAll(): Promise<boolean> {
    return (this.#askingForAll ??= this.#tryDual().finally(() => (this.#askingForAll = null)));
  }

  async #tryDual(): Promise<boolean> {
    if (this.#wanted.length < 2 || this.#steering?.mode() !== "toggle") return true;
    try {
      await this.#steering.setMode("dual");
      return true;
    } catch (error) {
      const reason = String(error);
      this.#p.ground.log[this.#isOwed ? "debug" : "warn"]("the cameras cannot be recorded together", { reason });
      return false;
    }
  }

  /** Nobody is there when the time comes: what is refused, as by a guard for heat, is asked for again each minute. */
  async #askForScheduled(): Promise<void> {
    clearTimeout(this.#asksSoon);
    // The cameras are starting, or wake for it: that is not to be disturbed.
    if (this.#p.shown().length === 0) this.#asksSoon = setTimeout(() => void this.#askForScheduled(), soonMs);
    else this.#isOwed = !(await this.#askForAll());
  }

  readonly #tell = (): void => {
    this.emit("changed");
  };

  readonly #onMinute = (): void => {
    this.#ask();
    if (this.#isOwed) void this.#askForScheduled();
    if (this.#minutes++ % minutesPerLook === 0) this.#look();
  };

  /** Nobody need know of a disk that nothing is recorded on, and nothing was. */
  #look(): void {
    const isPlanned = this.#p.cameras().some((camera) => this.#planOf(camera).mode !== "off");
    const isKept = this.#totals === null || this.#totals.cameras.length > 0;
    if (isPlanned || isKept) void this.#p.client.look();
  }

  /**
   * What does not answer leaves what was known; `away` says it. A recorder that rests is not woken for it: nothing has
   * changed since it was asked last.
   */
  readonly #ask = (): void => {
    if (this.#asking) return;
    this.#asking = true;
    this.#p.client
      .request("totals", {}, { wakes: false })
      .then((totals) => {
        this.#totals = totals;
        this.emit("changed");
      })
      .catch(() => undefined)
      .finally(() => (this.#asking = false));
  };
}
