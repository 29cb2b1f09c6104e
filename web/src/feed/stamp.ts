import type { Status } from "../../../server/http/wire.js";

/**
 * A status with the moments at which those parts of it arrived that count on by themselves (time since the request, time
 * to the next camera, time to the guard's next step back). In milliseconds of `sharedNowMs`, so that pages of one
 * browser can hand it to each other.
 */
export interface StampedStatus {
  readonly status: Status;
  readonly switchAtMs: number;
  readonly rotationAtMs: number;
  readonly guardAtMs: number;
}

/** Stamps what is new since `previous`; parts that a change left alone keep their moment. */
export function stamp(previous: StampedStatus | null, status: Status, nowMs: number): StampedStatus {
  return {
    status,
    switchAtMs: previous?.status.switch === status.switch ? previous.switchAtMs : nowMs,
    guardAtMs: previous?.status.guard === status.guard ? previous.guardAtMs : nowMs,
    rotationAtMs: previous?.status.rotation === status.rotation ? previous.rotationAtMs : nowMs,
  };
}

/** Milliseconds that never go back within a page, and that mean the same in every page of the browser. */
export const sharedNowMs = (): number => performance.timeOrigin + performance.now();
