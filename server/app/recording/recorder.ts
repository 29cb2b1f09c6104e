import { systemClock as clock } from "../../lib/clock.js";
import { RecorderClient } from "../../recording/process/recorder-client.js";
import { recorderConfig } from "../../recording/recorder-config.js";
import type { Ground } from "../ground.js";

/** The recorder process, with the settings of this run. Whoever makes it closes it, after the channels. */
export function startRecorder({ store, records, log }: Ground): RecorderClient {
  const config = recorderConfig(store.settings);
  return new RecorderClient({ config, journal: `${config.memoryDirectory}-told.jsonl`, records, clock, log });
}
