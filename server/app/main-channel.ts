import { join } from "node:path";
import { Publisher } from "../hls/publisher.js";
import { systemClock as clock } from "../lib/clock.js";
import { Channel } from "../stream/channel.js";
import type { Ground } from "./ground.js";

const name = "main";

/** Public folder of the channel below the folder of live media. */
export const mainChannelDirectory = (live: string): string => join(live, "hls", name);

/** Opens the channel `main`, going on from where the former run left its timeline (I3). */
export async function openMainChannel(ground: Ground): Promise<Channel> {
  const { live, store, state, records, encoders, log } = ground;
  const { settings } = store;
  const reserved = state.reservation(name);
  const publisher = await Publisher.open({
    channel: name,
    directory: mainChannelDirectory(live),
    windowSeconds: settings.hls.windowSeconds,
    keepSeconds: settings.hls.keepSeconds,
    reservation: {
      ...(reserved && { reserved }),
      reserve: (upTo) => {
        // A disk that fails costs the reservation, never the picture (I8).
        state.reserve(name, upTo).catch((error: unknown) => {
          log.error("the sequences could not be reserved", { error: String(error) });
        });
      },
    },
    clock,
    log: log.child({ part: "hls" }),
  });
  return new Channel({
    name,
    publisher,
    directory: join(live, "gen"),
    nextGeneration: () => state.nextGeneration(),
    ffmpegProgram: settings.stream.ffmpegProgram,
    encoders,
    slateAfterMs: settings.stream.slateAfterMs,
    handOverMs: settings.switch.handOverMs,
    records,
    clock,
    log: log.child({ part: "channel" }),
  });
}
