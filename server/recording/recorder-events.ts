/** What happens to files and storage, as it is told to the controller; what is lost for good becomes a gap. */
import type { RecordingRows } from "./catalogue/recording-rows.js";
import { rowOf } from "./files/finish.js";
import type { Finisher, FinishTask } from "./files/finisher.js";
import type { RecorderEvent, RecordingGap } from "./messages.js";
import type { Storage } from "./storage/storage.js";

export interface RecorderEventsOptions {
  readonly storage: Storage;
  readonly finisher: Finisher;
  readonly rows: RecordingRows;
  readonly tell: (event: RecorderEvent) => void;
  /** The catalogue could not be written. */
  readonly onError: (error: unknown) => void;
}

export function tellEvents({ storage, finisher, rows, tell, onError }: RecorderEventsOptions): void {
  const noteLost = (task: FinishTask, code: string, message: string): void => {
    const { gap, startTicks, endTicks } = lostBy(task, code, message);
    tell({ kind: "gap", gap });
    try {
      rows.addGap(gap, startTicks, endTicks);
    } catch (error) {
      onError(error);
    }
  };
  storage.on("paused", (problem) => {
    tell({ kind: "paused", problem });
  });
  storage.on("resumed", () => {
    tell({ kind: "resumed" });
  });
  finisher.on("finished", ({ id, task: { facts } }) => {
    tell({ kind: "finished", id, channel: facts.channel, camera: facts.camera });
  });
  finisher.on("failed", ({ path, reason }) => {
    tell({ kind: "finishFailed", path, reason });
  });
  finisher.on("setAside", ({ path, reason, task }) => {
    tell({ kind: "setAside", path, reason });
    noteLost(task, "setAside", "What was recorded cannot be played and was set aside.");
  });
  finisher.on("lost", (task) => {
    noteLost(task, "fileDeleted", "Somebody deleted the file before it was finished.");
  });
}

interface Lost {
  readonly gap: RecordingGap;
  readonly startTicks: number;
  readonly endTicks: number;
}

/** What was written is no more: the time of it is a gap. */
function lostBy({ facts, written }: FinishTask, code: string, message: string): Lost {
  const { endTicks, endedAtMs } = rowOf({ facts, frames: 0, endTicks: written?.endTicks ?? facts.startTicks });
  const { channel, camera, startedAtMs, startTicks } = facts;
  return { gap: { channel, camera, fromMs: startedAtMs, toMs: endedAtMs, code, message }, startTicks, endTicks };
}
