import { useEffect } from "preact/hooks";
import { reasonText, text } from "../i18n/text.js";
import { noticeText, type Notice } from "../state/notice.js";
import { badge, isDual, labelOf, notice } from "../state/store.js";
import { Icon } from "./icon.js";

/** Good news go by themselves; bad news stay until they are read away, or better ones come, or they are over. */
const goodMs = 6000;

/** The last thing that happened, in words; also read out by screen readers. */
export function NoticeBar() {
  const news = notice.value;
  return (
    <div class="notices" role="status" aria-live="polite" data-testid="notice">
      {news !== null && <NoticeCard news={news} />}
    </div>
  );
}

function NoticeCard({ news }: { news: Notice }) {
  const t = text.value;
  const { tone, title, detail } = noticeText(news, {
    ...{ text: t, label: labelOf, reason: reasonText, isDual: isDual.value },
  });
  const isOver = tone === "good" || (isOfAbsence(news) && badge.value !== "offline");
  useEffect(() => {
    if (!isOver) return;
    const timer = setTimeout(() => {
      if (notice.peek() === news) notice.value = null;
    }, goodMs);
    return () => {
      clearTimeout(timer);
    };
  }, [news, isOver]);
  return (
    <div class="notice" data-tone={tone} data-kind={news.kind}>
      <div>
        <p class="notice-title">{title}</p>
        {detail !== "" && <p class="notice-detail">{detail}</p>}
      </div>
      <button
        type="button"
        class="notice-close"
        aria-label={t.dismiss}
        title={t.dismiss}
        onClick={() => {
          notice.value = null;
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** It says that the service did not answer: no longer true once it does. */
function isOfAbsence(news: Notice): boolean {
  return news.kind === "problem" && ["unreachable", "controllerDown", "shuttingDown"].includes(news.code);
}
