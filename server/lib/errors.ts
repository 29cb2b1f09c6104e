/**
 * The one table of error codes. `status` is the HTTP status an answer with this code carries; `title` is the same for
 * every occurrence (RFC 9457); what is particular to one occurrence stands in the error's `message`.
 */
export const errorCodes = {
  badRequest: { status: 400, title: "The request is not valid" },
  badJson: { status: 400, title: "The body is not valid JSON" },
  notSignedIn: { status: 401, title: "This needs a sign-in" },
  wrongCredentials: { status: 401, title: "Name or password is wrong" },
  setUpRefused: { status: 403, title: "The set-up link is not valid" },
  notAllowed: { status: 403, title: "The role does not allow this" },
  addressRefused: { status: 403, title: "This address is not let in" },
  foreignOrigin: { status: 403, title: "Requests from another site are refused" },
  unknownCamera: { status: 404, title: "There is no such camera" },
  notFound: { status: 404, title: "There is nothing at this address" },
  nothingRecorded: { status: 404, title: "Nothing was recorded in that time" },
  methodNotAllowed: { status: 405, title: "This address does not take that method" },
  superseded: { status: 409, title: "A newer request took this one's place" },
  modeForbids: { status: 409, title: "The present mode forbids this" },
  tooFewCameras: { status: 409, title: "Dual mode needs two cameras" },
  guardForbids: { status: 409, title: "The guard does not allow this now" },
  accountsOff: { status: 409, title: "There are no accounts" },
  accountTaken: { status: 409, title: "The name is taken" },
  lastAdministrator: { status: 409, title: "There must be an administrator" },
  drillRunning: { status: 409, title: "Drills are running" },
  neverRecorded: { status: 409, title: "The camera is never recorded" },
  recordingOpen: { status: 409, title: "The recording is in use" },
  recordingPinned: { status: 409, title: "The recording is pinned" },
  exportMixed: { status: 409, title: "The size of the picture changes within the range" },
  exportTooLong: { status: 409, title: "The range is too long for one export" },
  exportUnfinished: { status: 409, title: "The export is not finished" },
  setByEnvironment: { status: 409, title: "The environment sets this value" },
  bodyTooLarge: { status: 413, title: "The body is too large" },
  wrongContentType: { status: 415, title: "The body must be application/json" },
  viewersFull: { status: 423, title: "All places for viewers are taken" },
  unknownHost: { status: 421, title: "This service does not go by that name" },
  tooManyAttempts: { status: 429, title: "Too many attempts failed" },
  tooManyRequests: { status: 429, title: "Too many requests from this address" },
  switchFailed: { status: 502, title: "The switch did not succeed" },
  guardStopped: { status: 503, title: "The guard has stopped the cameras" },
  tooManyClients: { status: 503, title: "Too many clients hold a connection open" },
  recordingsUnreadable: { status: 503, title: "The recordings cannot be read" },
  recorderAway: { status: 503, title: "The recorder does not answer" },
  controllerDown: { status: 503, title: "The controller does not answer" },
  mjpegOff: { status: 503, title: "The guard has ended instant viewing" },
  resting: { status: 503, title: "The cameras rest until somebody watches" },
  notLive: { status: 503, title: "There is no live picture" },
  shuttingDown: { status: 503, title: "The service is stopping" },
  spaceLow: { status: 507, title: "There is too little space on the disk" },
  // Below: never answered to a request as such, but named in receipts, states and logs.
  cameraStartTimeout: { status: 502, title: "The camera gave no picture in time" },
  cameraExited: { status: 502, title: "The camera program ended before it gave a picture" },
  cameraBusy: { status: 502, title: "Another program holds the camera" },
  cameraGone: { status: 502, title: "The camera is not connected" },
  sizeRefused: { status: 502, title: "The camera does not show this size" },
  wrongCamera: { status: 502, title: "Another camera answered in its place" },
  cameraNeedsReboot: { status: 502, title: "The camera hangs in the kernel; a reboot is needed" },
  cameraHeld: { status: 502, title: "The camera is still held after its program ended" },
  cameraStalled: { status: 502, title: "The camera stopped giving frames" },
  cameraFrozen: { status: 502, title: "The camera gives the same picture again and again" },
  encoderFailed: { status: 502, title: "The encoder failed" },
  verifyFailed: { status: 502, title: "The playlist does not show the new camera" },
  mediaInvalid: { status: 502, title: "The encoder wrote media that are not well-formed" },
  publishFailed: { status: 502, title: "The live media could not be written" },
  exportFailed: { status: 502, title: "The export could not be made" },
  exportDamaged: { status: 502, title: "A recording of the export is damaged" },
  deadline: { status: 502, title: "The switch took too long" },
  configInvalid: { status: 500, title: "The configuration is not valid" },
  alreadyRunning: { status: 500, title: "Another smart-toggle runs with the same state" },
  stateUnusable: { status: 500, title: "The state folder cannot be used" },
  programMissing: { status: 500, title: "A program is missing" },
  portBusy: { status: 500, title: "A port is taken" },
  addressAbsent: { status: 500, title: "The address to listen at is not there" },
  internal: { status: 500, title: "Something went wrong inside" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

export interface AppErrorOptions extends ErrorOptions {
  /** Number of the camera that it is about, where that is not plain from what was asked for. */
  readonly camera?: number;
}

/** An error with a code from the table; `message` tells a person what happened and what to do. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly camera: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.camera = options.camera;
  }
}

/** Wraps whatever was thrown: an AppError stays as it is, all else becomes `internal` with its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError("internal", message, { cause: thrown });
}
