import type { Receipt } from "../../../server/http/wire.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { formatSeconds } from "../i18n/format.js";

/** Something that happened and that a person should know. Held as facts: the words come with the language. */
export type Notice =
  | { readonly kind: "receipt"; readonly receipt: Receipt }
  | { readonly kind: "problem"; readonly code: string; readonly message: string }
  | { readonly kind: "alreadyLive"; readonly camera: number }
  | { readonly kind: "profileSaved"; readonly camera: number; readonly restarted: boolean }
  | { readonly kind: "sizeChanged"; readonly camera: number; readonly width: number; readonly height: number }
  | { readonly kind: "swapped" | "restSaved" | "retentionSaved" | "handLimitSaved" | "passwordChanged" }
  | { readonly kind: "imported"; readonly changed: number; readonly ignored: readonly string[] }
  | { readonly kind: "notJson" | "fullScreenNeedsHls" };

export interface NoticeText {
  readonly tone: "good" | "bad";
  readonly title: string;
  readonly detail: string;
}

/** What is needed to put a notice into words. */
export interface Words {
  readonly text: Dictionary;
  readonly label: (camera: number) => string;
  /** Both cameras are shown now. */
  readonly isDual: boolean;
  readonly reason: (code: string, message: string) => string;
}

/** Whether the end of a switch is worth a message: every failure, and every success that a person asked for. */
export function isWorthTelling(receipt: Receipt): boolean {
  if (receipt.outcome !== "committed") return true;
  return receipt.trigger === "user" || receipt.trigger === "mode" || receipt.trigger === "recovery";
}

export function noticeText(notice: Notice, words: Words): NoticeText {
  const { text, label } = words;
  switch (notice.kind) {
    case "receipt":
      return receiptText(notice.receipt, words);
    case "problem":
      return { tone: "bad", title: text.requestFailed, detail: words.reason(notice.code, notice.message) };
    case "alreadyLive":
      return good(text.resultAlreadyLive(label(notice.camera)));
    case "profileSaved":
      return good((notice.restarted ? text.savedLive : text.saved)(label(notice.camera)));
    case "sizeChanged":
      return good(text.sizeChanged(label(notice.camera), `${notice.width} × ${notice.height}`));
    case "passwordChanged":
      return good(text.passwordChanged);
    case "swapped":
      return good(text.swapped);
    case "restSaved":
      return good(text.restSaved);
    case "retentionSaved":
      return good(text.retentionSaved);
    case "handLimitSaved":
      return good(text.handLimitSaved);
    case "imported":
      return good(
        text.imported(notice.changed),
        notice.ignored.length === 0 ? "" : text.importedIgnored(notice.ignored.join(", ")),
      );
    case "notJson":
      return { tone: "bad", title: text.importNotJson, detail: "" };
    case "fullScreenNeedsHls":
      return { tone: "bad", title: text.fullScreenNeedsHls, detail: "" };
  }
}

const good = (title: string, detail = ""): NoticeText => ({ tone: "good", title, detail });

function receiptText(receipt: Receipt, words: Words): NoticeText {
  const { text, label, reason } = words;
  const { to, live, outcome } = receipt;
  const detail = receipt.reason ? reason(receipt.reason.code, receipt.reason.message) : "";
  if (outcome === "committed") {
    if (to === null) return good(text.resultOff);
    const seconds = formatSeconds(receipt.totalMs ?? 0);
    return good(
      receipt.trigger === "mode" && words.isDual ? text.resultBoth(seconds) : text.resultCommitted(label(to), seconds),
    );
  }
  if (to === null) return { tone: "bad", title: text.resultFailedOff, detail };
  if (outcome === "rolledBack" && receipt.trigger === "profile" && live === to) {
    return { tone: "bad", title: text.resultProfileRolledBack(label(to)), detail };
  }
  if (outcome === "rolledBack") {
    const title = live === null ? text.resultRolledBackOff(label(to)) : text.resultRolledBack(label(to), label(live));
    return { tone: "bad", title, detail };
  }
  return { tone: "bad", title: text.resultFailed(label(to)), detail };
}
