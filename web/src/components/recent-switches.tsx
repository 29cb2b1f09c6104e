import type { Receipt, StepRecord } from "../../../server/http/wire.js";
import { formatMs, formatSeconds, formatTime } from "../i18n/format.js";
import { outcomeText, stepText, triggerText } from "../i18n/step-text.js";
import { language } from "../i18n/chosen-language.js";
import { reasonText, text } from "../i18n/text.js";
import { labelOf, receipts } from "../state/store.js";

/** The last switches: when, what, how long, why not, and where the time went. */
export function RecentSwitches() {
  const t = text.value;
  return (
    <section class="card recent" aria-labelledby="recent-title">
      <h2 id="recent-title">{t.recent}</h2>
      {receipts.value.length === 0 ? (
        <p class="empty">{t.recentNone}</p>
      ) : (
        <ol data-testid="receipts" tabIndex={0} aria-labelledby="recent-title">
          {receipts.value.map((receipt) => (
            <ReceiptItem key={receipt.id} receipt={receipt} />
          ))}
        </ol>
      )}
    </section>
  );
}

function ReceiptItem({ receipt }: { receipt: Receipt }) {
  const t = text.value;
  const name = (camera: number | null) => (camera === null ? t.off : labelOf(camera));
  return (
    <li class="receipt" data-outcome={receipt.outcome ?? "open"}>
      <p class="receipt-line">
        <strong>
          {receipt.from !== receipt.to && `${name(receipt.from)} → `}
          {name(receipt.to)}
        </strong>
        <span class="receipt-total">{receipt.totalMs === null ? "…" : formatSeconds(receipt.totalMs)}</span>
      </p>
      <p class="receipt-line receipt-small">
        <span>
          <span class="outcome">{outcomeText(t, receipt.outcome)}</span> · {triggerText(t, receipt.trigger)}
        </span>
        <time dateTime={new Date(receipt.requestedAt).toISOString()}>
          {formatTime(receipt.requestedAt, Date.now(), language.value)}
        </time>
      </p>
      {receipt.reason && <p class="receipt-reason">{reasonText(receipt.reason.code, receipt.reason.message)}</p>}
      <StepBars steps={receipt.steps} />
    </li>
  );
}

/** One bar, cut by the share of each step. */
function StepBars({ steps }: { steps: readonly StepRecord[] }) {
  const t = text.value;
  // The service's own words are English; to whom they are foreign, they are there when asked for.
  const inEnglish = language.value === "en";
  if (steps.length === 0) return null;
  const name = (record: StepRecord) => {
    const step = stepText(t, record.step);
    return t.stepDuration(record.direction === "back" ? t.stepOfWayBack(step) : step, formatMs(record.ms));
  };
  return (
    <details class="steps">
      <summary aria-label={t.showSteps}>
        <span class="bars" aria-hidden="true">
          {steps.map((record, index) => (
            <span
              key={index}
              data-step={record.step}
              data-ok={record.ok}
              title={name(record)}
              style={{ flexGrow: String(Math.max(record.ms, 1)) }}
            />
          ))}
        </span>
      </summary>
      <ul>
        {steps.map((record, index) => (
          <li key={index} data-step={record.step} data-ok={record.ok} title={record.note}>
            {name(record)}
            {record.note !== undefined && inEnglish && <small> {record.note}</small>}
          </li>
        ))}
      </ul>
    </details>
  );
}
