import type { ChannelView, Status } from "../../../server/http/wire.js";
import type { DualView } from "./dual-view.js";

/** The channels on the stage: the large one, and in dual mode, side by side, the one beside it. */
export interface StageChannels {
  readonly first: ChannelView | null;
  readonly second: ChannelView | null;
}

export function stageChannels(status: Status | null, view: DualView): StageChannels {
  if (status === null) return { first: null, second: null };
  const { channels, modeInForce } = status;
  const own = channels.filter(({ name }) => name !== "main");
  if (modeInForce.mode !== "dual" || own.length === 0) {
    return { first: channels.find(({ name }) => name === "main") ?? null, second: null };
  }
  const large = own.find(({ name }) => name === `cam${view}`);
  if (large !== undefined) return { first: large, second: null };
  return { first: own[0] ?? null, second: own[1] ?? null };
}
