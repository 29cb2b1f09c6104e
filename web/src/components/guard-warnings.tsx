import { formatTime } from "../i18n/format.js";
import { guardWarningText } from "../i18n/guard-text.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import { guard, online } from "../state/protection-store.js";

/** What is wrong without harm to the picture so far, and what a person can do about it. */
export function GuardWarnings() {
  const t = text.value;
  const warnings = online.value ? (guard.value?.warnings ?? []) : [];
  if (warnings.length === 0) return null;
  return (
    <section class="card warnings" aria-label={t.warnings} data-testid="warnings">
      <ul>
        {warnings.map((warning) => {
          const { title, advice } = guardWarningText(t, warning);
          return (
            <li key={warning.code} data-code={warning.code} title={warning.message}>
              <p class="warning-title">
                <span>{title}</span>
                <small>{t.warningSince(formatTime(warning.since, Date.now(), language.value))}</small>
              </p>
              <p class="warning-advice">{advice}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
