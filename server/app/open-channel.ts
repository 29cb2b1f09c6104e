import { join } from "node:path";
import { Publisher } from "../hls/publisher.js";
import { systemClock as clock } from "../lib/clock.js";
import { Channel } from "../stream/channel.js";
import type { Ground } from "./ground.js";

/** The channel that shows the active camera, in every mode. */
export const mainChannel = "main";

/** Of one camera in dual mode. */
export const cameraChannel = (camera: number): string => `cam${camera}`;

/** Public folder of a channel below the folder of live media. */
export const channelDirectory = (live: string, name: string): string => join(live, "hls", name);

/** As the log names what belongs to a channel. */
export const partOf = (part: string, channel: string): string =>
  channel === mainChannel ? part : `${part} ${channel}`;

/** Opens a channel, going on from where the former run left its timeline (I3). */
export async function openChannel(ground: Ground, name: string): Promise<Channel> {
  const { live, store, state, records, encoders, log } = ground;
  const { settings } = store;
  const reserved = state.reservation(name);
  const publisher = await Publisher.open({
    channel: name,
    directory: channelDirectory(live, name),
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
    log: log.child({ part: partOf("hls", name) }),
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
    log: log.child({ part: partOf("channel", name) }),
  });
}
