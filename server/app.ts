/**
 * SmartToggleManager: the composition root. It alone knows all parts; it builds them in order and closes them in
 * reverse: ground (database, orphans of a former run), cameras, channel, switcher, watches, HTTP, NGINX, life signs, first
 * camera.
 */
import { layGround, type Ground } from "./app/ground.js";
import { reportController } from "./app/protection/controller-incidents.js";
import { reportNginx } from "./app/protection/incident-sources.js";
import { reportRecorder } from "./app/protection/recorder-incidents.js";
import { LifeSigns } from "./app/protection/life-signs.js";
import { LiveViews } from "./app/live-views.js";
import { tellDoor } from "./app/set-up-link.js";
import { ChannelMedia } from "./app/media.js";
import { channelDirectory, mainChannel, openChannel } from "./app/open-channel.js";
import { openPipelines } from "./app/pipelines.js";
import { Protection } from "./app/protection/protection.js";
import { startRecorder } from "./app/recording/recorder.js";
import { Recordings } from "./app/recording/recordings.js";
import { Service } from "./app/service.js";
import { statusLine } from "./app/protection/status-line.js";
import type { CameraCatalogue } from "./camera/catalogue.js";
import type { SettingSources } from "./config/load.js";
import type { Settings } from "./config/schema.js";
import { SafetyGuard } from "./guard/safety-guard.js";
import { HttpServer } from "./http/http-server.js";
import { ViewerCounter } from "./http/viewers.js";
import { systemClock as clock } from "./lib/clock.js";
import type { Log } from "./lib/log.js";
import type { RecorderClient } from "./recording/process/recorder-client.js";
import { recorderConfig } from "./recording/recorder-config.js";
import { feedOf } from "./recording/channel/channel-feed.js";
import { openCertificate } from "./app/open-certificate.js";
import { publicAddress } from "./config/tls-files.js";
import { Nginx } from "./ops/nginx.js";
import { readLastEnd } from "./ops/supervisor-link.js";
import type { Channel } from "./stream/channel.js";
import { CameraSwitcher } from "./switch/camera-switcher.js";
import { offReason } from "./switch/pipeline.js";
import { Receipts } from "./switch/receipts.js";
import { Rest } from "./switch/rest.js";
import { Rotation } from "./switch/rotation.js";

const heartbeatMs = 1000;

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void> | void;
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
    const ground = await layGround(sources, given, this.#log, (database) => {
      this.#closes("database", () => {
        database.close();
      });
    });
    const recorder = startRecorder(ground);
    this.#closes("recorder", () => recorder.close());
    const channel = await openChannel(ground, mainChannel);
    this.#closes("channel", () => channel.close());
    // Before anything is served: the playlist of the former run is not to be shown while the cameras are off.
    if (ground.state.mode === "off") await channel.turnOff(offReason);
    const protection = await this.#buildService(ground, channel, recorder);
    reportRecorder(protection.incidentLog, recorder);
    protection.begin();
  }

  async #buildService(ground: Ground, channel: Channel, recorder: RecorderClient): Promise<Protection> {
    const { database, store, state, log } = ground;
    const { settings } = store;
    const viewers = new ViewerCounter(clock);
    const guard = new SafetyGuard({ limits: settings.guard, clock, log: log.child({ part: "guard" }) });
    const receipts = new Receipts(database.connection, log);
    const pipelines = await openPipelines(ground, channel, guard, receipts, () => rest.isResting);
    const { driver, leases, catalogue, pipeline, canBeSmall, cameras, allCameras, standby } = pipelines;
    this.#closes("cameras of dual mode", pipelines.close);
    const channels = [channel, ...allCameras.map((camera) => camera.channel)];
    const recordings = this.#record(ground, channels, catalogue, recorder);
    const { deadlineMs } = settings.switch;
    const switcher = new CameraSwitcher({ pipeline, receipts, deadlineMs, clock, log: log.child({ part: "switch" }) });
    this.#closes("switcher", () => switcher.close());
    const rest = new Rest({
      stopAfterSeconds: () => store.settings.idle.stopAfterSeconds,
      // Recording is watching, too.
      isWatched: () => viewers.count > 0 || recordings.isWanted,
      isSettled: () => switcher.state.kind === "idle" || switcher.state.kind === "recovering",
      ...{ clock, log: log.child({ part: "rest" }) },
    });
    this.#closes("rest", () => {
      rest.close();
    });
    const rotation = new Rotation({
      live: () => (switcher.state.kind === "idle" ? switcher.state.live : null),
      // In dual mode only a camera that is live can be switched to.
      usable: () => pipeline.switchable(),
      switchTo: (camera) => void switcher.request(camera, "rotation"),
      clock,
    });
    rotation.change(settings.rotation);
    const inUse = () => ({
      dual: state.mode === "dual" && pipeline.usableCameras().length > 1,
      mjpeg: liveViews.viewers > 0,
      warm: standby?.isHolding === true,
    });
    const watched = { ground, channel, switcher, pipeline, cameras, allCameras, catalogue, rest, viewers };
    const recording = () => recordings.status();
    const protection = new Protection({ ...watched, guard, driver, inUse, canBeSmall, recording });
    const liveViews = new LiveViews({ ...watched, driver, leases, guard });
    const service = new Service({
      ...{
        store,
        state,
        catalogue,
        driver,
        pipeline,
        cameras,
        allCameras,
        switcher,
        receipts,
        rotation,
        channel,
        encoders: ground.encoders,
        protection,
        liveViews,
        recordings,
        viewers,
        rest,
        incidents: protection.incidentLog,
        clock,
      },
    });
    const tellGuard = () => {
      service.tell({ guard: guard.view });
    };
    guard.on("changed", tellGuard).on("warningBegan", tellGuard).on("warningEnded", tellGuard);
    const heartbeat = setInterval(() => {
      service.heartbeat();
    }, heartbeatMs);
    this.#closes("watches", async () => {
      clearInterval(heartbeat);
      await protection.close();
      rotation.stop();
    });
    reportController(protection.incidentLog, readLastEnd(process.env), protection.monitor);
    const media = new ChannelMedia(channels, rest);
    const nginx = await this.#serve(ground, service, media, viewers);
    this.#closes("live views", () => liveViews.close());
    if (nginx !== null) reportNginx(protection.incidentLog, nginx);
    const status = () => statusLine(service.status());
    const lifeSigns = new LifeSigns({ turns: protection.turns, status, clock, log });
    this.#closes("life signs", () => lifeSigns.close());
    return protection;
  }

  #record(
    ground: Ground,
    channels: readonly Channel[],
    catalogue: CameraCatalogue,
    client: RecorderClient,
  ): Recordings {
    const recordings = new Recordings({
      ...{ ground, client, config: recorderConfig(ground.store.settings) },
      checkCamera: (camera) => void catalogue.camera(camera),
      cameras: () => catalogue.cameras().map(({ number }) => number),
      shown: () => channels.flatMap(({ generation }) => generation?.showing.camera ?? []),
    });
    this.#closes("recordings", () => {
      recordings.close();
    });
    for (const channel of channels) {
      feedOf({
        ...{ channel, directory: channelDirectory(ground.live, channel.name), clock },
        tell: (part) => {
          recordings.part(part);
        },
      });
    }
    return recordings;
  }

  /** Null: NGINX is not ours. */
  async #serve(
    { store, records, auth, log }: Ground,
    service: Service,
    media: ChannelMedia,
    viewers: ViewerCounter,
  ): Promise<Nginx | null> {
    const { settings } = store;
    const { hosts, basePath } = settings.http;
    const names = { hosts, basePath, publicPort: settings.nginx.port };
    const allow = () => store.settings.access.allow;
    const server = new HttpServer({ service, media, viewers, auth, ...names, allow, clock, log });
    await server.listen(settings.http.port);
    this.#closes("HTTP server", () => server.close());
    tellDoor(auth, settings, log);
    let nginx: Nginx | null = null;
    // An NGINX of the system's is reloaded by whoever runs it; it takes the new one within a month, or browsers complain.
    const certificate = await openCertificate(settings, log, () => nginx?.reload());
    this.#closes("certificate", () => certificate?.close());
    if (!settings.nginx.managed) return null;
    nginx = await Nginx.start({ settings, records, log });
    this.#closes("NGINX", () => nginx.close());
    service.onSettings((keys) => {
      if (keys.includes("access.allow")) void nginx.change(store.settings);
    });
    log.info(`the page is at ${publicAddress("localhost", settings)}`);
    return nginx;
  }

  #closes(name: string, close: Closer["close"]): void {
    this.#closers.push({ name, close });
  }
}
