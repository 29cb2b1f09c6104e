/** What is said of recording, in the words of the page. */
import type { CameraRecording, Export } from "../../../server/http/wire-recording.js";
import type { Dictionary } from "./dictionary.js";
import type { Missing } from "../recordings/holes.js";
import { textOf, type EventTables } from "./event-texts.js";
import { formatPercent } from "./format.js";
import { gapText } from "./incident-text.js";

export function whyText(t: Dictionary, why: CameraRecording["why"]): string {
  switch (why) {
    case "off":
      return t.whyOff;
    case "continuous":
      return t.whyContinuous;
    case "scheduled":
      return t.whyScheduled;
    case "outsideSchedule":
      return t.whyOutsideSchedule;
    case "startedByHand":
      return t.whyStartedByHand;
    case "stoppedByHand":
      return t.whyStoppedByHand;
    case "waitsForHand":
      return t.whyWaitsForHand;
  }
}

export function planText(
  t: Dictionary,
  mode: CameraRecording["mode"],
): { readonly name: string; readonly hint: string } {
  switch (mode) {
    case "off":
      return { name: t.planOff, hint: t.planOffHint };
    case "manual":
      return { name: t.planManual, hint: t.planManualHint };
    case "continuous":
      return { name: t.planContinuous, hint: t.planContinuousHint };
    case "schedule":
      return { name: t.planSchedule, hint: t.planScheduleHint };
  }
}

export function exportText(t: Dictionary, { state, progress }: Pick<Export, "state" | "progress">): string {
  switch (state) {
    case "waiting":
      return t.exportWaiting;
    case "running":
      return t.exportRunning(formatPercent(progress * 100));
    case "finished":
      return t.exportFinished;
    case "failed":
      return t.exportFailed;
    case "cancelled":
      return t.exportCancelled;
  }
}

/** Why something is missing; what neither recorder nor ledger tell of was not to be recorded. */
export function missingText(
  t: Dictionary,
  tables: EventTables,
  { code, message }: Pick<Missing, "code" | "message">,
): string {
  const texts: Readonly<Record<string, string>> = {
    recordingOff: t.missingOff,
    noPicture: t.missingNoPicture,
    partsLost: t.missingPartsLost,
    recorderRestarted: t.missingRestarted,
    fileDeleted: t.missingDeleted,
    setAside: t.missingSetAside,
  };
  if (code === null) return t.missingUnknown;
  return textOf(texts, code) ?? gapText(tables, { code, message });
}

/** Null: the text of the error stands, or the service's own words. */
export function recordingProblemText(t: Dictionary, code: string): string | null {
  const texts: Readonly<Record<string, string>> = {
    diskFull: t.problemDiskFull,
    diskReadOnly: t.problemDiskReadOnly,
    diskFailed: t.problemDiskFailed,
    mountMissing: t.problemMountMissing,
    folderUnusable: t.problemFolderUnusable,
    memoryFull: t.problemMemoryFull,
    otherCameraLive: t.problemOtherCameraLive,
    notLive: t.problemNotLive,
  };
  return textOf(texts, code);
}
