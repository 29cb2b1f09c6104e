/** What the routes about recordings need from the product. Part of service.ts. */
import type { FileTicket, LibraryKind, LibraryRequests } from "../recording/library/requests.js";
import type { RecordingPlans, RecordingStart, RecordingStatus, RecordingStop } from "./wire-recording.js";

export interface RecordingService {
  status(): RecordingStatus;
  /**
   * Begins to record these cameras by hand, or sets another limit for those that are recorded so already. Rejects
   * `unknownCamera`, and `neverRecorded` for one whose plan says that it is never recorded.
   */
  start(request: RecordingStart): Promise<RecordingStatus>;
  /** Ends the recording of these cameras, or of all; a plan that wants them is put aside until its time is over. */
  stop(request: RecordingStop): Promise<RecordingStatus>;
  plans(): RecordingPlans;
  /** Those that are named; the others stay. Rejects `unknownCamera`, `setByEnvironment`. */
  setPlans(plans: RecordingPlans): Promise<RecordingPlans>;
  /** Asks the recorder about finished recordings. Rejects what it answers, and `recorderAway`. */
  ask<Kind extends LibraryKind>(
    kind: Kind,
    params: LibraryRequests[Kind]["params"],
  ): Promise<LibraryRequests[Kind]["result"]>;
  /** Absolute path of a folder that tickets count from. */
  folderOf(place: FileTicket["in"]): string;
}
