import type { ComponentChildren } from "preact";
import type { Dictionary } from "../i18n/dictionary.js";
import { reasonText, text } from "../i18n/text.js";
import { setMode } from "../state/actions.js";
import type { Cover, Recovering } from "../state/cover.js";
import { stage } from "../state/stage-player.js";
import { labelOf } from "../state/store.js";
import { cover } from "../state/view.js";
import { Icon } from "./icon.js";

/** What stands over the picture: why there is none, and what to do. */
export function CoverPanel() {
  const view = cover.value;
  const words = coverWords(text.value, view);
  if (words === null) return null;
  return (
    <div class="cover" data-testid="cover" data-kind={view.kind}>
      {view.kind === "loading" && <span class="spinner" aria-hidden="true" />}
      <p class="cover-title">{words.title}</p>
      {words.detail !== "" && <p class="cover-detail">{words.detail}</p>}
      {coverButton(view)}
    </div>
  );
}

function coverWords(t: Dictionary, view: Cover): { title: string; detail: string } | null {
  switch (view.kind) {
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
    case "unavailable":
      return { title: t.coverUnavailableTitle, detail: reasonText(view.reason.code, view.reason.message) };
    case "recovering":
      return { title: t.coverRecoveringTitle, detail: recoveringDetail(t, view.view) };
  }
}

function recoveringDetail(t: Dictionary, view: Recovering): string {
  const reason = reasonText(view.reason.code, view.reason.message);
  if (view.camera !== null) return `${reason} ${t.recoveringTrying(labelOf(view.camera), view.attempt)}.`;
  if (view.nextInMs === null) return reason;
  return `${reason} ${t.recoveringWaits(Math.ceil(view.nextInMs / 1000))}.`;
}

function coverButton(view: Cover): ComponentChildren {
  const t = text.value;
  if (view.kind === "off") {
    return (
      <button type="button" class="button strong" data-testid="turn-on" onClick={() => void setMode("toggle")}>
        <Icon name="power" />
        {t.camerasOn}
      </button>
    );
  }
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
