import type { Dictionary } from "../i18n/dictionary.js";
import { formatDuration, formatTime } from "../i18n/format.js";
import { missingText } from "../i18n/recording-text.js";
import { language } from "../i18n/chosen-language.js";
import { eventTables, text } from "../i18n/text.js";
import { playFrom } from "./recordings-actions.js";
import { isDayEmpty, missing, spans, timeline, trouble } from "./recordings-store.js";

/** After one that reaches into the next day, nothing can be played: then what came before it. */
const beforeMs = 5000;

/** Nothing is said to be missing, or not, before the catalogue has answered. */
function emptyText(t: Dictionary): string {
  if (isDayEmpty.value === true) return t.none;
  if (timeline.value === null) return trouble.value === null ? t.loading : t.recordingsTrouble;
  return spans.value.length === 0 ? t.recordingsOfCameraNone : t.missingNone;
}

/** What is missing on the day, and why; a press plays what comes after it. */
export function MissingList() {
  const t = text.value;
  const time = (at: number) => formatTime(at, at, language.value);
  return (
    <section class="card" aria-labelledby="missing-title">
      <h2 id="missing-title">{t.missing}</h2>
      {missing.value.length === 0 ? (
        <p class="empty">{emptyText(t)}</p>
      ) : (
        <ol class="missing-list" data-testid="missing-list" tabIndex={0} aria-label={t.missing}>
          {missing.value.map(({ from, to, code, message }) => (
            <li key={from}>
              <button
                type="button"
                class="missing-item"
                title={t.missingJump(time(to))}
                onClick={() => {
                  if (!playFrom(to)) playFrom(from - beforeMs);
                }}
              >
                <span>{missingText(t, eventTables.value, { code, message })}</span>
                <strong>{formatDuration(to - from)}</strong>
                <small>{t.gapSpan(time(from), time(to))}</small>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
