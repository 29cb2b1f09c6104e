/** The service's API as the page uses it. All addresses are relative, so that the page works below any path. */
import type {
  AlreadyLive,
  Mode,
  ModeView,
  Problem,
  ProfileChange,
  ProfilePatch,
  Receipt,
  ReceiptPage,
  RotationView,
  RuntimeSettingsPatch,
  SettingsChange,
  SettingsView,
  Status,
  SwitchProblem,
} from "../../../server/http/wire.js";
import type { Holder } from "../instant/machine.js";
import { noteSignedOut } from "./session.js";
import type {
  Counts,
  DrillName,
  DrillView,
  GapPage,
  IncidentPage,
  ResourceHistory,
} from "../../../server/http/wire-protection.js";

type RecordingSettingsPatch = NonNullable<RuntimeSettingsPatch["recording"]>;

/** What problems of one code say besides. */
type Extras = Partial<Pick<SwitchProblem, "receipt"> & { readonly holders: readonly Holder[] }>;

/** An answer that is no success, or none at all (`code: "unreachable"`). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  /** Wrong fields of the body, by their dotted name. */
  readonly fields: readonly { readonly field: string; readonly message: string }[];
  /** Of the switch that did not succeed: it says why, and what is live now. */
  readonly receipt: Receipt | null;
  /** Who has the places, when they are all taken. */
  readonly holders: readonly Holder[];

  constructor(problem: Pick<Problem, "code" | "detail" | "errors"> & Extras) {
    super(problem.detail);
    this.code = problem.code;
    this.fields = problem.errors ?? [];
    this.receipt = problem.receipt ?? null;
    this.holders = problem.holders ?? [];
  }
}

export const getStatus = (signal: AbortSignal) => call<Status>("GET", "status", undefined, signal);
export const getReceipts = (limit: number) => call<ReceiptPage>("GET", `switches?limit=${limit}`);
export const postSwitch = (camera: number) => call<Receipt | AlreadyLive>("POST", "switch", { camera });
export const putMode = (mode: Mode) => call<ModeView>("PUT", "mode", { mode });
export const putRotation = (rotation: { enabled: boolean; seconds: number }) =>
  call<RotationView>("PUT", "rotation", rotation);
export const patchProfile = (camera: number, patch: ProfilePatch) =>
  call<ProfileChange>("PATCH", `cameras/${camera}`, patch);
export const putCameraOrder = (order: readonly string[]) =>
  call<SettingsChange>("PUT", "settings", { cameras: { order } });
export const putRest = (stopAfterSeconds: number) =>
  call<SettingsChange>("PUT", "settings", { idle: { stopAfterSeconds } });
export const putRecordingSettings = (recording: RecordingSettingsPatch) =>
  call<SettingsChange>("PUT", "settings", { recording });
export const putSettingsFile = (document: unknown) => call<SettingsChange>("PUT", "settings/file", document);
export const getSettings = () => call<SettingsView>("GET", "settings");
export const getResourceHistory = () => call<ResourceHistory>("GET", "resources/history");
export const getIncidents = (limit: number, before?: number) =>
  call<IncidentPage>("GET", `incidents${pageQuery(limit, before)}`);
export const getGaps = (limit: number, before?: number) => call<GapPage>("GET", `gaps${pageQuery(limit, before)}`);
export const getCounts = (hours: number) => call<Counts>("GET", `counts?hours=${hours}`);
export const postDrills = (names: readonly DrillName[]) => call<DrillView>("POST", "drills", { names });
/** Where a browser downloads the settings. */
export const settingsFileUrl = "api/settings/file";

function pageQuery(limit: number, before?: number): string {
  return `?limit=${limit}${before === undefined ? "" : `&before=${before}`}`;
}

/** The picture of a camera as a file, with the name that the service gives it. */
export async function getSnapshot(camera: number): Promise<{ readonly file: Blob; readonly name: string }> {
  const response = await request("GET", `snapshot/${camera}?download=1`);
  if (!response.ok) throw await errorOf(response);
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  return { file: await response.blob(), name: name ?? `cam${camera}.jpg` };
}

/** Asks for the picture and lets it be: that is a viewer's sign, and is answered when there is one. */
export async function askForPlaylist(): Promise<void> {
  const response = await fetch("hls/main/live.m3u8", { cache: "no-store" });
  if (!response.ok) throw await errorOf(response);
}

/** What an answer that is no success says. */
export async function errorOf(response: Response): Promise<ApiError> {
  const answer: unknown = await response.json().catch(() => null);
  if (isProblem(answer) && answer.code === "notSignedIn") noteSignedOut();
  return new ApiError(isProblem(answer) ? answer : problemWithoutBody(response));
}

export async function call<Answer>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await request(method, path, body, signal);
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as Answer;
}

async function request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(`api/${path}`, {
      method,
      cache: "no-store",
      signal: signal ?? null,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch (thrown) {
    throw new ApiError({ code: "unreachable", detail: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

function isProblem(answer: unknown): answer is Problem & Extras {
  return typeof answer === "object" && answer !== null && "code" in answer && "detail" in answer;
}

/** A proxy's own 502, 503 or 504: the service behind it is away. */
function problemWithoutBody(response: Response): Pick<Problem, "code" | "detail"> {
  const code = response.status >= 502 && response.status <= 504 ? "unreachable" : "internal";
  return { code, detail: `${response.status} ${response.statusText}` };
}
