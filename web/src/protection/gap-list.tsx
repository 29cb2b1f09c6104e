import { useEffect } from "preact/hooks";
import type { Gap } from "../../../server/http/wire-protection.js";
import { formatDuration, formatTime } from "../i18n/format.js";
import { gapText } from "../i18n/incident-text.js";
import { language } from "../i18n/chosen-language.js";
import { eventTables, text } from "../i18n/text.js";
import { loadGaps, loadOlderGaps } from "../state/protection-actions.js";
import { gapNews, gaps } from "../state/protection-store.js";
import { labelOf } from "../state/store.js";
import { MoreButton } from "./more-button.js";

/** What every page shows; each other channel is a camera's own of dual mode. */
const mainChannel = "main";
/** A gap that lasts is asked for again so often, in milliseconds. */
const lastingMs = 2000;

/** The last times without a fresh picture; asked for when something that makes a gap has happened. */
export function GapList() {
  const t = text.value;
  const { items, next, known } = gaps.value;
  const lasts = items.some(({ to }) => to === null);
  useEffect(() => void loadGaps(), [gapNews.value]);
  useEffect(() => {
    if (!lasts) return;
    const timer = setInterval(() => {
      if (!document.hidden) void loadGaps();
    }, lastingMs);
    return () => {
      clearInterval(timer);
    };
  }, [lasts]);
  return (
    <>
      <h3>{t.gaps}</h3>
      {items.length === 0 ? (
        <p class="empty">{known ? t.gapsNone : t.loading}</p>
      ) : (
        <ol class="gaps" data-testid="gap-list" tabIndex={0} aria-label={t.gaps}>
          {items.map((gap) => (
            <GapItem key={gap.id} gap={gap} />
          ))}
          {next !== null && (
            <li>
              <MoreButton onMore={loadOlderGaps} />
            </li>
          )}
        </ol>
      )}
    </>
  );
}

function GapItem({ gap }: { gap: Gap }) {
  const t = text.value;
  const from = formatTime(gap.from, Date.now(), language.value);
  return (
    <li class="gap" data-planned={gap.planned} data-code={gap.code} title={gap.message}>
      <p class="gap-line">
        <span>
          {gapText(eventTables.value, gap)}
          {gap.camera !== null && <small> {labelOf(gap.camera)}</small>}
          {gap.channel !== mainChannel && <small> {t.gapInDual}</small>}
        </span>
        <strong>{formatDuration(gap.ms)}</strong>
      </p>
      <p class="gap-line gap-when">
        <time dateTime={new Date(gap.from).toISOString()}>
          {gap.to === null ? t.gapSince(from) : t.gapSpan(from, formatTime(gap.to, gap.from, language.value))}
        </time>
        <span>{gap.to === null ? t.eventStill : gap.planned && t.gapPlanned}</span>
      </p>
    </li>
  );
}
