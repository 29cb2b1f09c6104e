import { join, resolve } from "node:path";
import { liveDirectory } from "../config/live-directory.js";
import type { Settings } from "../config/schema.js";
import type { RecorderConfig } from "./messages.js";

/** What the settings mean to the recorder process. Pure. */
export function recorderConfig(settings: Settings): RecorderConfig {
  const live = resolve(liveDirectory(settings));
  const { directory, tier, memoryMb, fileSeconds, playbackMb, ...rest } = settings.recording;
  const { keepDays, maxGb, minFreeHours, minFreeMb } = rest;
  return {
    directory: resolve(directory),
    state: resolve(settings.paths.state),
    memoryDirectory: join(live, "recording"),
    ...{ tier, memoryMb, fileSeconds, ffmpegProgram: settings.stream.ffmpegProgram },
    playbackDirectory: join(live, "playback"),
    playbackMb,
    retention: { keepDays, maxGb, minFreeHours, minFreeMb },
    children: join(live, "children"),
  };
}
