/**
 * The live picture without a playlist: MJPEG viewers, snapshots, and the last frame of each camera. Closed before the
 * HTTP server: all streams end, and a still that is being taken.
 */
import { randomBytes } from "node:crypto";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { CameraDriver } from "../camera/driver.js";
import type { Frame } from "../camera/frame.js";
import type { Leases } from "../camera/lease.js";
import type { GuardView, SafetyGuard } from "../guard/safety-guard.js";
import type { LiveService, Snapshot } from "../http/service.js";
import type { ViewerCounter } from "../http/viewers.js";
import type { Mode } from "../http/wire.js";
import type { LiveClients } from "../http/wire-live.js";
import { allowsMjpeg } from "../guard/ladder.js";
import { systemClock as clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import { isFresh } from "../live/frame-feed.js";
import { KeptFrames } from "../live/kept-frames.js";
import type { MjpegSink } from "../live/mjpeg-client.js";
import { MjpegHub, type WantedCamera } from "../live/mjpeg-hub.js";
import { MjpegPlaces } from "../live/mjpeg-places.js";
import { shrink } from "../live/shrink.js";
import { chooseSnapshot, type SnapshotSource } from "../live/snapshot.js";
import { Stills } from "../live/still.js";
import type { Channel, ChannelReason } from "../stream/channel.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { DualCamera } from "../switch/dual-camera.js";
import type { Rest } from "../switch/rest.js";
import { awaken } from "./awakening.js";
import type { Ground } from "./ground.js";
import { whyOff } from "./protection/guarding.js";

export interface LiveViewsParts {
  readonly ground: Ground;
  /** The channel `main`. */
  readonly channel: Channel;
  /** Of dual mode: those that are known, and all that may be. */
  readonly cameras: () => readonly DualCamera[];
  readonly allCameras: readonly DualCamera[];
  readonly catalogue: CameraCatalogue;
  readonly driver: CameraDriver;
  readonly leases: Leases;
  readonly guard: SafetyGuard;
  readonly switcher: CameraSwitcher;
  readonly rest: Rest;
  readonly viewers: ViewerCounter;
}

/** One channel and those who watch it. */
interface View {
  readonly channel: Channel;
  readonly hub: MjpegHub;
  readonly onFrame: (frame: Frame) => void;
  readonly onChange: () => void;
}

export class LiveViews implements LiveService {
  readonly #p: LiveViewsParts;
  readonly #main: View;
  /** Of the cameras of dual mode, by number. */
  readonly #own: readonly View[];
  readonly #kept = new KeptFrames();
  readonly #stills: Stills;
  /** Tells this run's pictures from those of another one. */
  readonly #run = randomBytes(4).toString("hex");
  #closed = false;

  constructor(parts: LiveViewsParts) {
    this.#p = parts;
    const { channel, catalogue, driver, leases, ground } = parts;
    const { store, records, log } = ground;
    const places = new MjpegPlaces();
    this.#main = this.#viewOf(channel, places);
    this.#own = parts.allCameras.map((camera) => this.#viewOf(camera.channel, places));
    const profileOf = (camera: number) => store.profileOf(camera);
    this.#stills = new Stills({ catalogue, driver, leases, profileOf, records, clock, log });
    parts.viewers.alsoCount(() => this.viewers);
    parts.guard.on("changed", this.#onGuardChange);
  }

  #viewOf(channel: Channel, places: MjpegPlaces): View {
    const { store, log } = this.#p.ground;
    const { maxClients } = store.settings.live.mjpeg;
    const hub = new MjpegHub({ feed: channel, maxClients, places, clock, log: log.child({ part: "live" }) });
    const onFrame = (frame: Frame): void => {
      this.#keep(channel, frame);
    };
    const onChange = (): void => {
      this.#onChannelChange(channel, hub);
    };
    channel.on("frame", onFrame).on("changed", onChange);
    return { channel, hub, onFrame, onChange };
  }

  get #views(): readonly View[] {
    return [this.#main, ...this.#own];
  }

  /** A camera's own channel while it has one, else `main`. */
  #viewFor(wanted: WantedCamera): View {
    const own = this.#p.cameras().find(({ camera, isOn }) => camera === wanted && isOn);
    return (own && this.#own[own.camera]) ?? this.#main;
  }

  /** Ends all streams, and what takes a still. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#p.guard.off("changed", this.#onGuardChange);
    for (const { channel, hub, onFrame, onChange } of this.#views) {
      channel.off("frame", onFrame).off("changed", onChange);
      hub.endAll();
    }
    await this.#stills.close();
  }

  heartbeat(wanted: WantedCamera): { readonly camera: number; readonly frameAgeMs: number } {
    const { camera, arrivedMs } = this.#liveFrame(wanted);
    return { camera, frameAgeMs: Math.round(clock.monotonicMs() - arrivedMs) };
  }

  async openStream(wanted: WantedCamera, address: string, begin: () => MjpegSink): Promise<void> {
    await this.#awake(wanted);
    const { hub } = this.#viewFor(wanted);
    hub.checkPlace(this.#liveFrame(wanted));
    hub.join({ wanted, address, sink: begin() });
  }

  /** How many watch MJPEG. */
  get viewers(): number {
    return this.#views.reduce((sum, { hub }) => sum + hub.size, 0);
  }

  clients(): LiveClients {
    const { maxClients } = this.#p.ground.store.settings.live.mjpeg;
    return { limit: maxClients, clients: this.#views.flatMap(({ hub }) => hub.sessions) };
  }

  closeClient(id: number): boolean {
    return this.#views.some(({ hub }) => hub.endOne(id));
  }

  async snapshot(camera: number, address: string): Promise<Snapshot> {
    this.#checkOpen();
    this.#p.viewers.saw(`${address} snapshot`);
    await this.#awake(camera);
    const { catalogue } = this.#p;
    const { channel } = this.#viewFor(camera);
    const kept = this.#kept.last(catalogue.camera(camera).id);
    const forbidden = this.#forbidden();
    const nowMs = clock.monotonicMs();
    const choice = chooseSnapshot({ camera, newest: channel.newestFrame, kept, forbidden, nowMs });
    switch (choice.kind) {
      case "refused":
        throw new AppError(choice.code, choice.message);
      case "frame":
        return this.#snapshotOf(camera, choice.frame, choice.source);
      case "still":
        return this.#still(camera, choice.instead);
    }
  }

  async #still(camera: number, instead: Frame | undefined): Promise<Snapshot> {
    try {
      // A still would hold up the start of a camera that somebody asked for.
      if (this.#p.switcher.state.kind !== "recovering") throw new AppError("notLive", "A camera is being started.");
      const frame = await this.#stills.take(camera);
      // Turned off meanwhile: it is not to be seen.
      const forbidden = this.#forbidden();
      if (forbidden !== null) throw new AppError(forbidden.code, forbidden.message);
      return this.#snapshotOf(camera, frame, "still");
    } catch (thrown) {
      if (instead === undefined || this.#forbidden() !== null) throw thrown;
      return this.#snapshotOf(camera, instead, "kept");
    }
  }

  /** The camera's number is the one it has now, which may not be the frame's. */
  #snapshotOf(camera: number, frame: Frame, source: SnapshotSource): Snapshot {
    const frameAgeMs = clock.monotonicMs() - frame.arrivedMs;
    const tag = `${this.#run}-${camera}-${frame.number}-${Math.round(frame.arrivedMs)}`;
    const inWidth = (width?: number) =>
      width === undefined ? Promise.resolve(frame.jpeg) : shrink(tag, frame.jpeg, width);
    return { camera, source, capturedAt: clock.epochMs() - frameAgeMs, frameAgeMs, tag, inWidth };
  }

  #liveFrame(wanted: WantedCamera): Frame {
    this.#checkOpen();
    const { catalogue } = this.#p;
    const { channel } = this.#viewFor(wanted);
    if (wanted !== "active") catalogue.camera(wanted);
    const forbidden = this.#forbidden() ?? this.#forbiddenStream();
    if (forbidden !== null) throw new AppError(forbidden.code, forbidden.message);
    const newest = channel.newestFrame;
    if (newest === null || !isFresh(newest, clock.monotonicMs()))
      throw new AppError("notLive", "No camera gives a picture now.");
    if (this.#isFrozen(channel)) throw new AppError("notLive", "The camera gives the same picture again and again.");
    if (wanted !== "active" && wanted !== newest.camera)
      throw new AppError("notLive", `Camera ${wanted} is not live; camera ${newest.camera} is.`);
    return newest;
  }

  /** Cameras that rest are woken, and the first frame of the wanted one is waited for. */
  async #awake(wanted: WantedCamera): Promise<void> {
    const own = wanted === "active" ? undefined : this.#own[wanted]?.channel;
    // In dual mode each camera rests in a channel of its own, and the others may come sooner.
    const channel = own?.unavailable?.code === "resting" ? own : this.#main.channel;
    await awaken({ rest: this.#p.rest, channel }, () => channel.newestFrame !== null);
  }

  #isFrozen(channel: Channel): boolean {
    const { ground } = this.#p;
    const since = channel.source?.identicalSinceMs ?? null;
    return since !== null && clock.monotonicMs() - since > ground.store.settings.health.frozenMs;
  }

  #checkOpen(): void {
    if (this.#closed) throw new AppError("shuttingDown", "The service is stopping.");
  }

  /** Why no picture may be shown at all; null when it may. */
  #forbidden(): ChannelReason | null {
    const { ground, guard, rest } = this.#p;
    return forbiddenBy(ground.state.mode, guard.view, rest.isResting);
  }

  /** Why there is no MJPEG, though there is a picture. */
  #forbiddenStream(): ChannelReason | null {
    const { rung, reason } = this.#p.guard.view;
    return allowsMjpeg(rung) ? null : { code: "mjpegOff", message: reason?.message ?? "The guard spares the device." };
  }

  /** Viewers are told by the end of their stream, and by the answer to the next one. */
  readonly #onGuardChange = (): void => {
    if (this.#forbiddenStream() !== null) for (const { hub } of this.#views) hub.endAll();
  };

  #keep(channel: Channel, frame: Frame): void {
    const id = channel.source?.cameraId;
    if (id !== undefined) this.#kept.keep(id, frame);
  }

  /** Turned off or stopped: viewers are told by the end of their stream, and by the answer to the next one. */
  #onChannelChange(channel: Channel, hub: MjpegHub): void {
    const { showing, unavailable } = channel;
    if (showing !== null || unavailable === null) return;
    hub.endAll();
    if (channel === this.#p.channel && unavailable.code === "modeForbids") this.#kept.forgetAll();
  }
}

function forbiddenBy(mode: Mode, guard: GuardView, resting: boolean): ChannelReason | null {
  const reason = whyOff(mode, guard, resting);
  return reason.code === "notLive" ? null : reason;
}
