import { join, resolve } from "node:path";
import { systemClock as clock } from "../lib/clock.js";
import type { RecordedPart, RecorderConfig } from "../recording/messages.js";
import { RecorderClient } from "../recording/recorder-client.js";
import type { Ground } from "./ground.js";

/** The recorder process, with the settings of this run. Whoever makes it closes it, after the channels. */
export function startRecorder({ live, store, records, log }: Ground): RecorderClient {
  return new RecorderClient({ config: recorderConfig(live, store.settings), records, clock, log });
}

function recorderConfig(live: string, { recording, paths, stream }: Ground["store"]["settings"]): RecorderConfig {
  const { tier, memoryMb, fileSeconds, playbackMb, keepDays, maxGb, minFreeHours, minFreeMb } = recording;
  return {
    directory: resolve(recording.directory),
    state: resolve(paths.state),
    memoryDirectory: join(live, "recording"),
    ...{ tier, memoryMb, fileSeconds, ffmpegProgram: stream.ffmpegProgram },
    playbackDirectory: join(live, "playback"),
    playbackMb,
    retention: { keepDays, maxGb, minFreeHours, minFreeMb },
    children: join(live, "children"),
  };
}

/** Records what the plan of the part's camera says; both calls do nothing where it is so already. */
export function recordPart(
  recorder: RecorderClient,
  part: RecordedPart,
  plans: Ground["store"]["settings"]["recording"]["plans"],
): void {
  if (plans[part.camera]?.mode === "continuous") {
    recorder.start(part.channel);
    recorder.part(part);
  } else recorder.stop(part.channel);
}
