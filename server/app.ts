/**
 * SmartToggleManager: the composition root. It alone knows all parts; it builds them in order and closes them in
 * reverse. What it owns: the database, the children's records, and each part of `#closers` below.
 *
 * On start: lock and database, orphans of a former run, cameras, channel, switcher, watch, HTTP, NGINX, first camera.
 */
import { join, resolve } from "node:path";
import { ChannelMedia } from "./app/media.js";
import { Service } from "./app/service.js";
import { verifierFor } from "./app/verifier.js";
import { CameraCatalogue } from "./camera/catalogue.js";
import { chooseDriver } from "./camera/choose-driver.js";
import { Leases } from "./camera/lease.js";
import { Database } from "./config/database.js";
import { liveDirectory } from "./config/live-directory.js";
import type { SettingSources } from "./config/load.js";
import type { Settings } from "./config/schema.js";
import { SettingsStore } from "./config/settings-store.js";
import { StateManager } from "./config/state-manager.js";
import { ResourceMonitor } from "./guard/resource-monitor.js";
import { StallWatch, type Reading } from "./guard/stall-watch.js";
import { Publisher } from "./hls/publisher.js";
import { HttpServer } from "./http/http-server.js";
import { ViewerCounter } from "./http/viewers.js";
import { systemClock as clock } from "./lib/clock.js";
import type { Log } from "./lib/log.js";
import { version } from "./lib/package-root.js";
import { Nginx } from "./ops/nginx.js";
import { ChildRecords } from "./process/child-records.js";
import { reapOrphans } from "./process/orphan-reaper.js";
import { Channel } from "./stream/channel.js";
import { CameraSwitcher } from "./switch/camera-switcher.js";
import { Pipeline } from "./switch/pipeline.js";
import { Receipts } from "./switch/receipts.js";
import { Rotation } from "./switch/rotation.js";

const heartbeatMs = 1000;

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

/** Folders and records that every part may need. */
interface Ground {
  readonly live: string;
  readonly database: Database;
  readonly store: SettingsStore;
  readonly state: StateManager;
  readonly records: ChildRecords;
  readonly log: Log;
}

export class SmartToggleManager {
  readonly #closers: Closer[] = [];
  readonly #log: Log;

  /** Resolves when the page is served and the first camera is on its way. On any error all is closed again. */
  static async start(sources: SettingSources, settings: Settings, log: Log): Promise<SmartToggleManager> {
    const manager = new SmartToggleManager(log);
    try {
      await manager.#build(sources, settings);
      return manager;
    } catch (error) {
      await manager.close();
      throw error;
    }
  }

  private constructor(log: Log) {
    this.#log = log;
  }

  /** Closes everything in reverse order; what fails to close is logged and does not keep the rest from closing. */
  async close(): Promise<void> {
    for (const { name, close } of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        this.#log.error(`${name} did not close`, { error });
      }
    }
    this.#log.info("stopped");
  }

  async #build(sources: SettingSources, given: Settings): Promise<void> {
    const ground = await this.#layGround(sources, given);
    const { live, database, store, state, records, log } = ground;
    const { settings } = store;
    const leases = new Leases();
    const driver = await chooseDriver({ settings: settings.cameras, liveDirectory: live, records, log });
    const catalogue = new CameraCatalogue({ driver, leases, order: settings.cameras.order, log });
    await catalogue.refresh().catch((error: unknown) => {
      log.error("the cameras could not be listed", { error });
    });
    const channel = await this.#openChannel(ground);
    const receipts = new Receipts(database.connection, log);
    const viewers = new ViewerCounter(clock);
    const pipeline = new Pipeline({
      channel,
      catalogue,
      driver,
      leases,
      timing: settings.switch,
      profileOf: (camera) => store.profileOf(camera),
      verify: verifierFor({
        channel,
        directory: join(live, "hls", "main"),
        verifyPort: settings.nginx.managed ? settings.nginx.verifyPort : null,
      }),
      commit: (run) => {
        if (run.request.to !== null) state.activeCamera = run.direction === "forward" ? run.request.to : run.from;
      },
      records,
      clock,
      log,
    });
    const switcher = new CameraSwitcher({
      pipeline,
      receipts,
      deadlineMs: settings.switch.deadlineMs,
      clock,
      log: log.child({ part: "switch" }),
    });
    this.#closes("switcher", () => switcher.close());
    const rotation = new Rotation({
      live: () => (switcher.state.kind === "idle" ? switcher.state.live : null),
      usable: () => pipeline.usableCameras(),
      switchTo: (camera) => void switcher.request(camera, "rotation"),
      clock,
    });
    this.#closes("rotation", () => {
      rotation.stop();
    });
    const monitor = this.#watchResources(ground);
    const service = new Service({
      ...{ store, state, catalogue, driver, pipeline, switcher, receipts, rotation, channel, monitor, viewers, clock },
    });
    this.#watchStalls(settings, switcher, channel);
    await this.#serve(ground, service, channel, viewers);
    this.#beat(service);
    rotation.change(settings.rotation);
    if (state.mode === "toggle") switcher.request(service.cameraToStart(), "start");
    else await channel.turnOff({ code: "modeForbids", message: "The cameras are turned off." });
  }

  async #layGround(sources: SettingSources, given: Settings): Promise<Ground> {
    const log = this.#log;
    const live = resolve(liveDirectory(given));
    const database = new Database(given.paths.state, log);
    this.#closes("database", () => {
      database.close();
    });
    log.info(`smart-toggle ${version} starts`, { state: given.paths.state, live, pid: process.pid });
    const store = new SettingsStore({ database, sources, clock });
    for (const problem of store.ignored) log.warn(`a stored setting is left out: ${problem.key} ${problem.message}`);
    const children = join(live, "children");
    await reapOrphans(children, log);
    return { live, database, store, state: new StateManager(database), records: new ChildRecords(children), log };
  }

  async #openChannel({ live, store: { settings }, state, records, log }: Ground): Promise<Channel> {
    const name = "main";
    const reserved = state.reservation(name);
    const publisher = await Publisher.open({
      channel: name,
      directory: join(live, "hls", name),
      windowSeconds: settings.hls.windowSeconds,
      keepSeconds: settings.hls.keepSeconds,
      reservation: {
        ...(reserved && { reserved }),
        reserve: (upTo) => void state.reserve(name, upTo),
      },
      clock,
      log: log.child({ part: "hls" }),
    });
    const channel = new Channel({
      name,
      publisher,
      directory: join(live, "gen"),
      nextGeneration: () => state.nextGeneration(),
      ffmpegProgram: settings.stream.ffmpegProgram,
      slateAfterMs: settings.stream.slateAfterMs,
      handOverMs: settings.switch.handOverMs,
      records,
      clock,
      log: log.child({ part: "channel" }),
    });
    this.#closes("channel", () => channel.close());
    return channel;
  }

  #watchResources({ live, store, log }: Ground): ResourceMonitor {
    const monitor = new ResourceMonitor({ live, state: store.settings.paths.state, clock, log });
    this.#closes("resource monitor", () => {
      monitor.close();
    });
    return monitor;
  }

  #watchStalls(settings: Settings, switcher: CameraSwitcher, channel: Channel): void {
    let lastPartMs = 0;
    channel.on("part", (part) => (lastPartMs = part.publishedMs));
    const read = (): Reading => {
      const nowMs = clock.monotonicMs();
      const { source, generation, newestFrame } = channel;
      const settled = switcher.state.kind === "idle" && source !== null;
      const since = source?.identicalSinceMs ?? null;
      return {
        frameAgeMs: settled && newestFrame !== null ? nowMs - newestFrame.arrivedMs : null,
        identicalMs: settled && since !== null ? nowMs - since : null,
        partAgeMs:
          settled && generation?.isFeeding === true ? nowMs - Math.max(lastPartMs, generation.fedSinceMs) : null,
      };
    };
    const watch = new StallWatch({
      limits: settings.health,
      read,
      act: (verdict) => {
        this.#log.warn(`the stall watch found: ${verdict}`);
        if (verdict === "encoderStalled") void channel.generation?.encoder.stop("stalled");
        else void channel.source?.stop(verdict === "sourceFrozen" ? "frozen" : "stalled");
      },
      clock,
    });
    this.#closes("stall watch", () => {
      watch.close();
    });
  }

  async #serve(ground: Ground, service: Service, channel: Channel, viewers: ViewerCounter): Promise<void> {
    const { settings } = ground.store;
    const media = new ChannelMedia([channel]);
    const server = new HttpServer({ service, media, viewers, hosts: settings.http.hosts, clock, log: ground.log });
    await server.listen(settings.http.port);
    this.#closes("HTTP server", () => server.close());
    if (!settings.nginx.managed) return;
    const nginx = await Nginx.start({ settings, records: ground.records, log: ground.log });
    this.#closes("NGINX", () => nginx.close());
    ground.log.info(`the page is at http://localhost:${settings.nginx.port}/`);
  }

  #beat(service: Service): void {
    const timer = setInterval(() => {
      service.heartbeat();
    }, heartbeatMs);
    this.#closes("heartbeat", () => {
      clearInterval(timer);
    });
  }

  #closes(name: string, close: Closer["close"]): void {
    this.#closers.push({ name, close });
  }
}
