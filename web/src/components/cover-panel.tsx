import type { ComponentChildren } from "preact";
import type { ChannelView } from "../../../server/http/wire.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { reasonText, text } from "../i18n/text.js";
import { setMode, wakeCameras } from "../state/actions.js";
import type { Cover, Recovering, SignedOut } from "../state/cover.js";
import { chooseDelivery, delivery } from "../state/delivery-choice.js";
import { may } from "../state/session.js";
import { stage } from "../state/stage-player.js";
import { labelOf, stageChannel, stamped } from "../state/store.js";
import { cover } from "../state/view.js";
import { GuardReason } from "./guard-banner.js";
import { Icon } from "./icon.js";
import { TurnedAwayWords, turnedAwayTitle } from "./turned-away.js";
import { secondsLeft, useNowMs } from "./use-now.js";

/** What stands over the picture: why there is none, and what to do. */
export function CoverPanel() {
  const view = cover.value;
  const words = coverWords(text.value, view);
  if (words === null) return null;
  return (
    <div class="cover" data-testid="cover" data-kind={view.kind} data-opaque={isOpaque(view, stageChannel.value)}>
      {view.kind === "loading" && <span class="spinner" aria-hidden="true" />}
      <p class="cover-title">{words.title}</p>
      {words.detail !== "" && <p class="cover-detail">{words.detail}</p>}
      {view.kind === "stopped" && (
        <p class="cover-detail cover-lines">
          <GuardReason view={view.view} />
        </p>
      )}
      {view.kind === "turnedAway" && <TurnedAwayWords view={view.view} />}
      {view.kind === "recovering" && <Attempt view={view.view} />}
      {coverButton(view)}
    </div>
  );
}

/** The same for those who hear the page: without what counts, which would be read out each second. */
export function CoverNews() {
  return (
    <p class="visually-hidden" role="status" data-testid="cover-news">
      {coverWords(text.value, cover.value)?.title}
    </p>
  );
}

/** Nothing of the cameras stays in sight when they are off or stopped, and the slate under it has words of its own. */
export function isOpaque(view: Cover, channel: ChannelView | null): boolean {
  const hiding: readonly Cover["kind"][] = ["signedOut", "off", "resting", "stopped", "noCamera"];
  if (hiding.includes(view.kind)) return true;
  return channel?.standIn === "slate";
}

function signedOutWords(t: Dictionary, why: SignedOut): { title: string; detail: string } {
  if (why === "setUp") return { title: t.coverSetUpTitle, detail: "" };
  if (why === "never") return { title: t.coverSignInTitle, detail: "" };
  return { title: t.coverSessionEndedTitle, detail: t.coverSessionEndedDetail };
}

export function coverWords(t: Dictionary, view: Cover): { title: string; detail: string } | null {
  switch (view.kind) {
    case "signedOut":
      return signedOutWords(t, view.why);
    case "none":
      return null;
    case "loading":
      return { title: t.loading, detail: "" };
    case "offline":
      return { title: t.coverOfflineTitle, detail: t.coverOfflineDetail };
    case "noCamera":
      return { title: t.coverNoCameraTitle, detail: t.coverNoCameraDetail };
    case "off":
      return { title: t.coverOffTitle, detail: t.coverOffDetail };
    case "resting":
      return { title: t.coverRestingTitle, detail: t.coverRestingDetail };
    case "frozen":
      return { title: t.coverFrozenTitle, detail: t.coverFrozenDetail };
    case "slate":
      return { title: t.coverSlateTitle, detail: t.coverSlateDetail };
    case "press":
      return { title: t.coverPressTitle, detail: "" };
    case "retrying":
      return { title: t.coverRetryingTitle, detail: t.coverRetryingDetail };
    case "unsupported":
      return { title: t.coverUnsupportedTitle, detail: t.coverUnsupportedDetail };
    case "stopped":
      return { title: t.guardStoppedTitle, detail: "" };
    case "turnedAway":
      return turnedAwayTitle(t, view.view);
    case "unavailable":
      return { title: t.coverUnavailableTitle, detail: reasonText(view.reason.code, view.reason.message) };
    case "recovering":
      return { title: t.coverRecoveringTitle, detail: reasonText(view.view.reason.code, view.view.reason.message) };
  }
}

/** Where the instant view does not come, the other one is one press away. */
function HlsButton() {
  return (
    <button
      type="button"
      class="button strong"
      data-testid="cover-hls"
      onClick={() => {
        chooseDelivery("hls");
      }}
    >
      {text.value.turnedAwayButton}
    </button>
  );
}

/** Which camera is being tried, or when the next one will be. */
function Attempt({ view }: { view: Recovering }) {
  const t = text.value;
  const nowMs = useNowMs();
  // The service counts from 0.
  const number = view.attempt + 1;
  if (view.camera !== null) return <p class="cover-detail">{t.recoveringTrying(labelOf(view.camera), number)}</p>;
  if (view.nextInMs === null) return null;
  const left = secondsLeft(view.nextInMs, stamped.value?.switchAtMs ?? 0, nowMs);
  return <p class="cover-detail">{t.recoveringWaits(left)}</p>;
}

function coverButton(view: Cover): ComponentChildren {
  const t = text.value;
  if (view.kind === "off") {
    if (!may("operator")) return null;
    return (
      <button type="button" class="button strong" data-testid="turn-on" onClick={() => void setMode("toggle")}>
        <Icon name="power" />
        {t.camerasOn}
      </button>
    );
  }
  if (view.kind === "resting") {
    return (
      <button type="button" class="button strong" data-testid="wake" onClick={() => void wakeCameras()}>
        <Icon name="play" />
        {t.coverRestingButton}
      </button>
    );
  }
  if (view.kind === "turnedAway" || (view.kind === "retrying" && delivery.value === "instant")) return <HlsButton />;
  if (view.kind !== "press") return null;
  return (
    <button
      type="button"
      class="button strong"
      onClick={() => {
        stage.press();
      }}
    >
      <Icon name="play" />
      {t.coverPressButton}
    </button>
  );
}
