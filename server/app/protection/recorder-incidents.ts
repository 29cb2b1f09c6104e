/** What the recorder has to tell a person who looks after the cameras, as incidents. */
import type { Incidents, NewIncident } from "../../guard/ledger/incidents.js";
import { pauseCodes, type RecorderEvent } from "../../recording/messages.js";
import type { RecorderClient } from "../../recording/process/recorder-client.js";

/** Recording that pauses, a recorder that is lost, files that could not become what they should, little room. */
export function reportRecorder(incidents: Incidents, recorder: RecorderClient): void {
  recorder.on("lost", (why) => {
    const message = `${why} It is started again; the live picture goes on. If it happens again and again, check the disk.`;
    incidents.begin({ kind: "storage", code: "recorderAway", severity: "error", message });
  });
  recorder.on("back", () => {
    incidents.end("recorderAway");
  });
  recorder.on("event", (event) => {
    for (const code of endedBy(event)) incidents.end(code);
    const incident = incidentOf(event);
    if (incident === null) return;
    if (event.kind === "paused" || event.kind === "spaceLow") incidents.begin(incident);
    else incidents.note(incident);
  });
}

function endedBy(event: RecorderEvent): readonly string[] {
  if (event.kind === "resumed") return pauseCodes;
  // One problem at a time: another one ends that before it.
  if (event.kind === "paused") return pauseCodes.filter((code) => code !== event.problem.code);
  return event.kind === "spaceEnough" ? ["recordingSpaceLow"] : [];
}

/** Null: nothing that anyone need know of later. Pure. */
export function incidentOf(event: RecorderEvent): NewIncident | null {
  switch (event.kind) {
    case "paused":
      return { ...storage, code: event.problem.code, message: event.problem.message };
    case "setAside":
      return { ...storage, code: "recordingSetAside", message: `${event.path} cannot be played: ${event.reason}` };
    case "catalogueSetAside": {
      const message = `The catalogue was damaged (${event.reason}); it lies at ${event.path}, and is made anew of the files.`;
      return { ...storage, code: "catalogueDamaged", message };
    }
    case "gap":
      return isOurFault(event.gap.code) ? lostTime(event.gap) : null;
    case "spaceLow": {
      const message = "There is little room left for recordings. Delete some, or connect a larger disk.";
      return { ...storage, severity: "warning", code: "recordingSpaceLow", message, value: event.freeBytes };
    }
    case "finishFailed": // It is tried again, and told when that is of no use.
    case "finished":
    case "resumed":
    case "spaceEnough":
      return null;
  }
}

const storage = { kind: "storage", severity: "error" } as const;

/** Recording that is off, and a channel without a picture, are no loss of recordings. */
function isOurFault(code: string): boolean {
  return code !== "recordingOff" && code !== "noPicture";
}

function lostTime({ camera, fromMs, toMs, message }: Extract<RecorderEvent, { kind: "gap" }>["gap"]): NewIncident {
  const seconds = Math.max(0, (toMs - fromMs) / 1000).toFixed(1);
  const said = `${message} ${seconds} s are missing in the recordings.`;
  return { ...storage, severity: "warning", code: "recordingIncomplete", camera, message: said };
}
