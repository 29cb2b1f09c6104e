/** The service's API about recordings. */
import type { GapPage } from "../../../server/http/wire-protection.js";
import type { ReceiptPage } from "../../../server/http/wire.js";
import type {
  Export,
  Exports,
  Recording,
  RecordingDays,
  RecordingPage,
  RecordingPlans,
  RecordingStatus,
  Timeline,
} from "../../../server/http/wire-recording.js";
import { call } from "../state/api.js";

const time = (epochMs: number): string => encodeURIComponent(new Date(epochMs).toISOString());

export const postRecording = (what: "start" | "stop", cameras: readonly number[]) =>
  call<RecordingStatus>("POST", `recording/${what}`, { cameras });
export const getPlans = () => call<RecordingPlans>("GET", "recording/plan");
export const putPlans = (plans: RecordingPlans) => call<RecordingPlans>("PUT", "recording/plan", plans);
export const getTimeline = (from: number, to: number) =>
  call<Timeline>("GET", `recordings/timeline?from=${time(from)}&to=${time(to)}`);
/** The days of whoever looks: the device may be in another zone, or know of none. */
export const getDays = (month: string) => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return call<RecordingDays>("GET", `recordings/days?month=${month}&zone=${encodeURIComponent(timeZone)}`);
};

export interface RecordingsQuery {
  readonly camera: number;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly page?: string;
}

export const getRecordings = ({ camera, from, to, limit, page }: RecordingsQuery) =>
  call<RecordingPage>(
    "GET",
    `recordings?camera=${camera}&from=${time(from)}&to=${time(to)}&limit=${limit}${page === undefined ? "" : `&page=${page}`}`,
  );
export const putPin = (id: number, pinned: boolean) => call<Recording>("PUT", `recordings/${id}/pin`, { pinned });
export const deleteRecording = (id: number) => call<{ deleted: true }>("DELETE", `recordings/${id}`);
export const getExports = () => call<Exports>("GET", "exports");
export const postExport = (camera: number, from: number, to: number) =>
  call<Export>("POST", "exports", { camera, from: new Date(from).toISOString(), to: new Date(to).toISOString() });
export const deleteExport = (id: number) => call<{ deleted: true }>("DELETE", `exports/${id}`);
export const getPictureGaps = (before: number | null) =>
  call<GapPage>("GET", `gaps?limit=200${before === null ? "" : `&before=${before}`}`);
export const getSwitches = (before: number | null) =>
  call<ReceiptPage>("GET", `switches?limit=200${before === null ? "" : `&before=${before}`}`);

/** Addresses that a browser loads by itself. */
export const playlistAddress = (camera: number, from: number, to: number) =>
  `api/recordings/play.m3u8?camera=${camera}&from=${time(from)}&to=${time(to)}`;
export const posterAddress = (id: number) => `api/recordings/${id}/poster.jpg`;
export const fileAddress = (id: number) => `api/recordings/${id}/file?download=1`;
export const exportAddress = (id: number, which: "file" | "manifest") => `api/exports/${id}/${which}`;
