/** How the parts of the product look from outside: from their state to the shapes of wire.ts. Pure. */
import type { CameraCatalogue } from "../camera/catalogue.js";
import { labelOf, type Profile } from "../config/profile.js";
import type { GuardView } from "../guard/safety-guard.js";
import type { CameraView, ChannelView, Mode, ModeInForce, SwitchView } from "../http/wire.js";
import type { Channel } from "../stream/channel.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { DualCamera } from "../switch/dual-camera.js";
import { targetOf } from "../switch/machine.js";
import type { CameraMode } from "../switch/switch-types.js";

export interface CameraFacts {
  readonly catalogue: CameraCatalogue;
  readonly profileOf: (camera: number) => Profile;
  readonly needsReboot: (camera: number) => boolean;
}

export function cameraViews({ catalogue, profileOf, needsReboot }: CameraFacts): CameraView[] {
  return catalogue.cameras().map(({ number, id, model, connected }) => {
    const profile = profileOf(number);
    const label = labelOf(number, profile);
    return { number, id, model, connected, needsReboot: needsReboot(number), label, profile };
  });
}

export function channelView(channel: Channel, nowMs: number, frozenMs: number): ChannelView {
  const { showing, newestFrame, source, standIn, unavailable } = channel;
  const stats = source?.stats(nowMs);
  const since = source?.identicalSinceMs ?? null;
  return {
    name: channel.name,
    playlist: `hls/${channel.name}/live.m3u8`,
    camera: showing?.camera ?? null,
    generation: channel.generationNumber,
    frameAgeMs: newestFrame === null ? null : Math.max(0, Math.round(nowMs - newestFrame.arrivedMs)),
    frozen: since !== null && nowMs - since > frozenMs,
    standIn,
    width: showing?.profile.width ?? null,
    height: showing?.profile.height ?? null,
    fps: stats?.fps ?? null,
    frames: stats?.frames ?? 0,
    meanFrameBytes: stats?.meanFrameBytes ?? null,
    unusualFrames: stats?.unusualFrames ?? 0,
    unavailable,
    recovering: null,
  };
}

/** Of a camera's own channel in dual mode. */
export function cameraChannelView({ channel, switcher }: DualCamera, nowMs: number, frozenMs: number): ChannelView {
  const { state } = switcher;
  const recovering = state.kind === "recovering" ? state.reason : null;
  return { ...channelView(channel, nowMs, frozenMs), recovering };
}

export interface ModeFacts {
  readonly asked: Mode;
  readonly inForce: CameraMode;
  /** No camera is on, or is to be. */
  readonly isOff: boolean;
  readonly guard: Pick<GuardView, "reason">;
}

export function modeInForce({ asked, inForce, isOff, guard }: ModeFacts): ModeInForce {
  const mode = asked === "off" || isOff ? "off" : inForce;
  const isGuards = mode !== asked && asked !== "off" && guard.reason !== null;
  return { mode, reason: isGuards ? { code: "guardForbids", message: guard.reason.message } : null };
}

export function switchView(switcher: CameraSwitcher): SwitchView {
  const { state, progress } = switcher;
  switch (state.kind) {
    case "off":
      return { kind: "off" };
    case "idle":
      return { kind: "idle", live: state.live };
    case "switching":
      return {
        kind: "switching",
        id: progress.id ?? 0,
        trigger: state.run.request.trigger,
        from: state.run.from,
        to: state.run.request.to,
        direction: state.run.direction,
        step: state.run.step,
        elapsedMs: Math.round(progress.elapsedMs),
        waiting: state.waiting?.to ?? null,
      };
    case "recovering":
      return {
        kind: "recovering",
        camera: state.run === null ? null : targetOf(state.run),
        attempt: state.attempt,
        nextInMs: switcher.nextRetryMs === null ? null : Math.round(switcher.nextRetryMs),
        reason: state.reason,
      };
  }
}
