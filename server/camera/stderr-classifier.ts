/**
 * What the camera programs say on standard error, told apart. The only place where their texts are matched; the texts
 * come from rpicam-apps (core/rpicam_app.cpp, apps/rpicam_vid.cpp) and from libcamera, and are kept as a corpus of logs
 * under test/unit/camera/corpus.
 */
import { AppError } from "../lib/errors.js";

export type CameraMessage =
  /** Another process holds the camera; `id` where it is named. */
  | { readonly kind: "busy"; readonly id?: string }
  /** The camera is not there (any more), or its number is not. */
  | { readonly kind: "gone" }
  /** libcamera waits in vain for data from the sensor: cable, sensor or power. */
  | { readonly kind: "frontendTimeout" }
  /** rpicam-vid stops and starts the camera by itself; it may do so for ever, and ignores SIGINT meanwhile. */
  | { readonly kind: "restarting" }
  /** rpicam-vid has seen a signal. */
  | { readonly kind: "signalled"; readonly signal: number }
  /** libcamera has found a camera; every one of them is named before the first frame. */
  | { readonly kind: "found"; readonly id: string }
  /** libcamera has set up the sensor of the camera that is opened. */
  | { readonly kind: "opened"; readonly id: string }
  /** The program's own error, which names nothing we know how to tell apart. */
  | { readonly kind: "failed"; readonly text: string }
  /** An error of libcamera's that need not end the program. */
  | { readonly kind: "complaint"; readonly text: string }
  | { readonly kind: "chatter" };

/** libcamera colours its log when it likes to. */
// eslint-disable-next-line no-control-regex -- the escape character is what starts a colour
const colour = /\u001b\[[0-9;]*m/g;

type Rule = readonly [RegExp, (match: RegExpExecArray) => CameraMessage];

/** The first rule that matches counts: those above are the more telling ones. */
const rules: readonly Rule[] = [
  [/Registered camera (\S+) to /, (match) => ({ kind: "found", id: match[1] ?? "" })],
  [/Adding camera '([^']+)'/, (match) => ({ kind: "found", id: match[1] ?? "" })],
  [/Sensor: (\S+) - Selected sensor format: /, (match) => ({ kind: "opened", id: match[1] ?? "" })],
  [/Received signal (\d+)/, (match) => ({ kind: "signalled", signal: Number(match[1]) })],
  [/Device timeout detected, attempting a restart/, () => ({ kind: "restarting" })],
  [/Restart already in progress/, () => ({ kind: "restarting" })],
  [/Pipeline handler in use by another process/, () => ({ kind: "busy" })],
  [/failed to acquire camera (\S+)/, (match) => ({ kind: "busy", id: match[1] ?? "" })],
  [/Device or resource busy/, () => ({ kind: "busy" })],
  [/no cameras available/i, () => ({ kind: "gone" })],
  [/selected camera is not available/, () => ({ kind: "gone" })],
  [/failed to find camera/, () => ({ kind: "gone" })],
  [/No such device\b/, () => ({ kind: "gone" })],
  [/Camera frontend has timed out/, () => ({ kind: "frontendTimeout" })],
  [/Dequeue timer of .* has expired/, () => ({ kind: "frontendTimeout" })],
  [/ERROR: \*\*\* (.*) \*\*\*/, (match) => ({ kind: "failed", text: match[1] ?? "" })],
  [/^\s*what\(\):\s+(.*)/, (match) => ({ kind: "failed", text: match[1] ?? "" })],
  [/^ERROR: (.*)/, (match) => ({ kind: "failed", text: match[1] ?? "" })],
  [/^\[[0-9:.]+\] \[\d+\]\s+(?:ERROR|FATAL)\s+(.*)/, (match) => ({ kind: "complaint", text: match[1] ?? "" })],
];

/** Tells one line apart. */
export function classifyLine(line: string): CameraMessage {
  const plain = line.replace(colour, "");
  for (const [pattern, read] of rules) {
    const match = pattern.exec(plain);
    if (match !== null) return read(match);
  }
  return { kind: "chatter" };
}

/** How a camera program ended, as far as the classification needs it. */
export interface CameraEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Why a camera program ended, from all that it said: `cameraBusy`, `cameraGone`, or `cameraExited` with its last error.
 * Busy stands above gone, since it is the one that passes by itself.
 */
export function classifyEnd(messages: readonly CameraMessage[], end: CameraEnd): AppError {
  const said = (kind: CameraMessage["kind"]): boolean => messages.some((message) => message.kind === kind);
  if (said("busy")) return new AppError("cameraBusy", "Another program uses the camera. Stop it, then try again.");
  if (said("gone")) return new AppError("cameraGone", "The camera is not found. Check its cable, then try again.");
  const how = end.signal === null ? `with exit code ${end.code ?? "unknown"}` : `by ${end.signal}`;
  return new AppError("cameraExited", `The camera program ended ${how}${lastError(messages)}.`);
}

function lastError(messages: readonly CameraMessage[]): string {
  const failed = messages.findLast((message) => message.kind === "failed");
  if (failed !== undefined) return `: ${withoutStop(failed.text)}`;
  const timedOut = messages.some(({ kind }) => kind === "frontendTimeout" || kind === "restarting");
  if (timedOut) return ": the sensor sends no data; check its cable";
  const complaint = messages.findLast((message) => message.kind === "complaint");
  return complaint === undefined ? "" : `: ${withoutStop(complaint.text)}`;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}
