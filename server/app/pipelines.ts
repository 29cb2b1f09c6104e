/**
 * Composes what runs cameras: catalogue and leases, the pipeline of toggle mode, and for dual mode one pipeline for each
 * camera. What is closed by whom: the switcher of `main` closes the pipeline of toggle mode; `close` here all others.
 */
import { CameraCatalogue } from "../camera/catalogue.js";
import { chooseDriver } from "../camera/choose-driver.js";
import type { CameraDriver } from "../camera/driver.js";
import { Leases } from "../camera/lease.js";
import { RefusedProfiles } from "../camera/refused-profiles.js";
import { allowsWarm, reducedProfile } from "../guard/ladder.js";
import type { SafetyGuard } from "../guard/safety-guard.js";
import type { Profile } from "../config/profile.js";
import { systemClock as clock } from "../lib/clock.js";
import type { Channel } from "../stream/channel.js";
import { CameraSwitcher, type ReceiptBook } from "../switch/camera-switcher.js";
import { DualCamera, onlyInDual } from "../switch/dual-camera.js";
import { ModePipeline } from "../switch/mode-pipeline.js";
import { OwnReceipts } from "../switch/own-receipts.js";
import { Pipeline, type PipelineOptions } from "../switch/pipeline.js";
import { WarmStandby } from "../switch/warm-standby.js";
import type { Ground } from "./ground.js";
import { cameraChannel, channelDirectory, openChannel, partOf } from "./open-channel.js";
import { whyOff } from "./protection/guarding.js";
import { verifierFor } from "./verifier.js";

export interface Pipelines {
  readonly driver: CameraDriver;
  readonly leases: Leases;
  readonly catalogue: CameraCatalogue;
  readonly pipeline: ModePipeline;
  /** Whether a camera shows the small picture that the guard may ask for; taken for granted until it refuses. */
  readonly canBeSmall: (camera: number) => boolean;
  /** Of dual mode, one for each camera that is known; they are off in any other mode. */
  readonly cameras: () => readonly DualCamera[];
  /** The same, and those that may be found later. */
  readonly allCameras: readonly DualCamera[];
  /** Keeps a second camera warm for toggle mode; undefined where switches are cold. The pipeline closes it. */
  readonly standby: WarmStandby | undefined;
  /** Closes the cameras of dual mode. */
  readonly close: () => Promise<void>;
}

/** Dual mode is made for so many cameras at least: one may be found only later. */
const fewestCameras = 2;

/** Finds the cameras and makes the pipelines on them. */
export async function openPipelines(
  ground: Ground,
  channel: Channel,
  guard: SafetyGuard,
  receipts: ReceiptBook,
  isResting: () => boolean,
): Promise<Pipelines> {
  const { live, store, state, records, auth, log } = ground;
  const { settings } = store;
  const leases = new Leases();
  const driver = await chooseDriver({ settings: settings.cameras, liveDirectory: live, records, log });
  const catalogue = new CameraCatalogue({ driver, leases, order: settings.cameras.order, log });
  await catalogue.refresh().catch((error: unknown) => {
    log.error("the cameras could not be listed", { error });
  });
  const verifyPort = settings.nginx.managed ? settings.nginx.verifyPort : null;
  const verify = (of: Channel) =>
    verifierFor({ channel: of, directory: channelDirectory(live, of.name), verifyPort, auth });
  const dual: DualCamera[] = [];
  const refused = new RefusedProfiles();
  const canBeSmall = (camera: number, profile = store.profileOf(camera)): boolean =>
    !refused.has(catalogue.cameras()[camera]?.id ?? "", reducedProfile(profile, "smaller"));
  const reduce = (profile: Profile, camera: number): Profile =>
    reducedProfile(profile, guard.rung, canBeSmall(camera, profile));
  const standby =
    settings.switch.standby === "cold"
      ? undefined
      : new WarmStandby({
          ...{ catalogue, driver, leases, records, clock, log },
          isAllowed: () => allowsWarm(guard.rung),
          profileOf: (camera) => reduce(store.profileOf(camera), camera),
        });
  const common = {
    ...{ catalogue, driver, leases, records, clock, log },
    timing: settings.switch,
    profileOf: (camera: number) => store.profileOf(camera),
    ...{ refused, reduce },
    mayList: () => dual.every(({ isIdle }) => isIdle) && standby?.isHolding !== true,
  } satisfies Partial<PipelineOptions>;
  const toggle = new Pipeline({
    ...{ ...common, channel },
    ...(standby && { standby }),
    whyOff: () => whyOff(state.mode, guard.view, isResting()),
    verify: verify(channel),
    commit: ({ request, direction, from }) => {
      if (request.to !== null) state.activeCamera = direction === "forward" ? request.to : from;
    },
  });
  for (let camera = 0; camera < Math.max(fewestCameras, catalogue.cameras().length); camera++) {
    const own = await openChannel(ground, cameraChannel(camera));
    // Before anything is served: what the former run left is not to be shown.
    await own.turnOff(onlyInDual);
    const mayList = () => common.mayList() && toggle.source === null;
    const pipeline = new Pipeline({
      // Toggle mode may go on with its source, and pause it.
      ...{ ...common, channel: own, only: camera, mayList, pausable: standby !== undefined },
      whyOff: () => (state.mode === "dual" && isResting() ? whyOff(state.mode, guard.view, true) : onlyInDual),
      verify: verify(own),
      commit: () => undefined,
    });
    const { deadlineMs } = settings.switch;
    const part = log.child({ part: partOf("switch", own.name) });
    const switcher = new CameraSwitcher({
      pipeline,
      receipts: new OwnReceipts(receipts),
      deadlineMs,
      clock,
      log: part,
    });
    dual.push(new DualCamera({ camera, channel: own, pipeline, switcher }));
  }
  const cameras = () => dual.slice(0, Math.max(1, catalogue.cameras().length));
  const pipeline = new ModePipeline({
    ...{ toggle, main: channel, cameras, log },
    onMode: (mode, { request, direction }) => {
      // Of the guard's changes of mode the owner knows nothing: what was asked for stays. So does “off”, asked for meanwhile.
      const isAsked = request.mode !== undefined && request.trigger === "mode" && direction === "forward";
      if (isAsked && state.mode !== "off") state.mode = mode;
    },
  });
  const close = async (): Promise<void> => {
    await Promise.all(dual.map(({ switcher }) => switcher.close()));
  };
  return { driver, leases, catalogue, pipeline, canBeSmall, cameras, allCameras: dual, standby, close };
}
