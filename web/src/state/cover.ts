import type { ChannelView, Reason, Status, SwitchView } from "../../../server/http/wire.js";
import type { GuardView } from "../../../server/http/wire-protection.js";
import type { InstantView } from "../instant/instant-player.js";
import type { PlayerView } from "../player/player-view.js";
import { offlineMisses } from "./heartbeat.js";

/** What stands over the picture, if anything: one thing, the most important. */
export type Cover =
  | { readonly kind: "none" | "loading" | "offline" | "noCamera" | "off" | "resting" | "frozen" | "slate" }
  | { readonly kind: "signedOut"; readonly why: SignedOut }
  | { readonly kind: "press" | "retrying" | "unsupported" }
  | { readonly kind: "stopped"; readonly view: GuardView }
  | { readonly kind: "turnedAway"; readonly view: TurnedAway }
  | { readonly kind: "unavailable"; readonly reason: Reason }
  | { readonly kind: "recovering"; readonly view: Recovering };

export type Recovering = SwitchView & { kind: "recovering" };

/** `ended`: somebody was signed in on this page; `setUp`: there is no administrator yet, or a set-up link was opened. */
export type SignedOut = "never" | "ended" | "setUp";

export type TurnedAway = NonNullable<InstantView["turnedAway"]>;

export interface CoverFacts {
  /** Null: somebody is signed in, or nobody need be. */
  readonly signedOut: SignedOut | null;
  readonly misses: number;
  readonly status: Status | null;
  readonly channel: ChannelView | null;
  /** A switch runs, or was just asked for: the strip says it all. */
  readonly switching: boolean;
  readonly player: PlayerView;
  readonly supported: boolean;
  /** The service gives this page no instant view. */
  readonly turnedAway: TurnedAway | null;
}

/** An interruption shorter than this is not worth a word. */
const patienceMs = 2500;

export function coverOf(facts: CoverFacts): Cover {
  const { status, channel } = facts;
  if (facts.signedOut !== null) return { kind: "signedOut", why: facts.signedOut };
  if (facts.misses >= offlineMisses) return { kind: "offline" };
  if (status === null) return { kind: "loading" };
  if (facts.switching) return { kind: "none" };
  if (status.cameras.length === 0) return { kind: "noCamera" };
  if (status.mode === "off") return { kind: "off" };
  if (status.guard.level === "stopped") return { kind: "stopped", view: status.guard };
  if (status.switch.kind === "recovering") return { kind: "recovering", view: status.switch };
  if (channel === null) return { kind: "loading" };
  if (channel.unavailable?.code === "resting") return { kind: "resting" };
  if (channel.unavailable !== null) return { kind: "unavailable", reason: channel.unavailable };
  if (channel.recovering !== null) return { kind: "unavailable", reason: channel.recovering };
  if (channel.frozen) return { kind: "frozen" };
  if (channel.standIn === "slate") return { kind: "slate" };
  if (facts.turnedAway !== null) return { kind: "turnedAway", view: facts.turnedAway };
  return coverOfPlayer(facts.player, facts.supported);
}

function coverOfPlayer(player: PlayerView, supported: boolean): Cover {
  if (!supported) return { kind: "unsupported" };
  if (player.kind === "refused") return { kind: "press" };
  if (!player.shown && player.kind === "starting" && (player.ageMs ?? 0) < patienceMs) return { kind: "loading" };
  const interrupted = player.kind !== "playing" && (player.ageMs ?? 0) > patienceMs;
  return { kind: interrupted ? "retrying" : "none" };
}
