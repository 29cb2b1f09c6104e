import { CameraCatalogue } from "../camera/catalogue.js";
import { chooseDriver } from "../camera/choose-driver.js";
import type { CameraDriver } from "../camera/driver.js";
import { Leases } from "../camera/lease.js";
import { reducedProfile } from "../guard/ladder.js";
import type { SafetyGuard } from "../guard/safety-guard.js";
import { systemClock as clock } from "../lib/clock.js";
import type { Channel } from "../stream/channel.js";
import { Pipeline } from "../switch/pipeline.js";
import type { Ground } from "./ground.js";
import { whyOff } from "./protection/guarding.js";
import { mainChannelDirectory } from "./main-channel.js";
import { verifierFor } from "./verifier.js";

export interface MainPipeline {
  readonly driver: CameraDriver;
  readonly leases: Leases;
  readonly catalogue: CameraCatalogue;
  readonly pipeline: Pipeline;
}

/** Finds the cameras and makes the one pipeline of toggle mode on them; the switcher that gets it closes it. */
export async function openMainPipeline(
  ground: Ground,
  channel: Channel,
  guard: SafetyGuard,
  isResting: () => boolean,
): Promise<MainPipeline> {
  const { live, store, state, records, log } = ground;
  const { settings } = store;
  const leases = new Leases();
  const driver = await chooseDriver({ settings: settings.cameras, liveDirectory: live, records, log });
  const catalogue = new CameraCatalogue({ driver, leases, order: settings.cameras.order, log });
  await catalogue.refresh().catch((error: unknown) => {
    log.error("the cameras could not be listed", { error });
  });
  const verifyPort = settings.nginx.managed ? settings.nginx.verifyPort : null;
  const pipeline = new Pipeline({
    ...{ channel, catalogue, driver, leases, records, clock, log },
    timing: settings.switch,
    profileOf: (camera) => store.profileOf(camera),
    reduce: (profile) => reducedProfile(profile, guard.rung),
    whyOff: () => whyOff(state.mode, guard.view, isResting()),
    verify: verifierFor({ channel, directory: mainChannelDirectory(live), verifyPort }),
    commit: ({ request, direction, from }) => {
      if (request.to !== null) state.activeCamera = direction === "forward" ? request.to : from;
    },
  });
  return { driver, leases, catalogue, pipeline };
}
