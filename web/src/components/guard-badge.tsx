import { guardLevelText, guardReasonText } from "../i18n/guard-text.js";
import { text } from "../i18n/text.js";
import { guard, online } from "../state/protection-store.js";

/** One calm line: what protection does, and how many warnings there are. */
export function GuardBadge() {
  const t = text.value;
  const view = guard.value;
  if (view === null || !online.value) return null;
  const { level, reason, warnings } = view;
  return (
    <p
      class="guard-badge"
      data-testid="guard-badge"
      data-level={level}
      title={reason === null ? undefined : guardReasonText(t, reason)}
    >
      <span class="guard-dot" aria-hidden="true" />
      <span>
        {t.protection}: <strong>{guardLevelText(t, level)}</strong>
      </span>
      {warnings.length > 0 && <small>{t.guardWarnings(warnings.length)}</small>}
    </p>
  );
}
