import { text } from "../i18n/text.js";

/** Beside a figure that a drill states: it is not the machine's. */
export function DrillMark() {
  const t = text.value;
  return (
    <span class="drill-mark" title={t.simulatedByDrill} data-testid="drill-mark">
      {t.drillMark}
    </span>
  );
}
