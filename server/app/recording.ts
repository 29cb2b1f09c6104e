import { systemClock as clock } from "../lib/clock.js";
import type { RecordedPart } from "../recording/messages.js";
import { RecorderClient } from "../recording/recorder-client.js";
import { recorderConfig } from "../recording/recorder-config.js";
import type { Ground } from "./ground.js";

/** The recorder process, with the settings of this run. Whoever makes it closes it, after the channels. */
export function startRecorder({ store, records, log }: Ground): RecorderClient {
  return new RecorderClient({ config: recorderConfig(store.settings), records, clock, log });
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
