import type { Availability } from "../../../server/http/wire-protection.js";
import { Disclosure } from "../components/disclosure.js";
import { formatDuration, formatShare } from "../i18n/format.js";
import { text } from "../i18n/text.js";
import { labelOf, status } from "../state/store.js";
import { CountsTable } from "./counts-table.js";
import { GapList } from "./gap-list.js";
import { Inner } from "./inner.js";

type Span = Availability["hour"];

/** How much of the time there was a fresh picture, when there was not, and what operators count. */
export function AvailabilityCard() {
  const t = text.value;
  const day = status.value?.availability.day.percent ?? null;
  return (
    <Disclosure
      id="availability"
      title={t.availability}
      digest={day === null ? undefined : t.availabilityDigest(formatShare(day))}
    >
      {() => (
        <>
          <Spans spans={status.value?.availability ?? null} />
          {status.value?.availability.cameras.map(({ camera, ...spans }) => (
            <section key={camera} data-testid={`availability-${camera}`}>
              <h3>{t.availabilityInDual(labelOf(camera))}</h3>
              <Spans spans={spans} />
            </section>
          ))}
          <p class="hint">{t.availabilityHint}</p>
          <GapList />
          <Inner id="counts" title={t.counts}>
            {() => <CountsTable />}
          </Inner>
        </>
      )}
    </Disclosure>
  );
}

function Spans({ spans }: { spans: Record<"hour" | "day" | "month", Span> | null }) {
  const t = text.value;
  const shown: readonly (readonly [string, Span | null])[] = [
    [t.availabilityHour, spans?.hour ?? null],
    [t.availabilityDay, spans?.day ?? null],
    [t.availabilityMonth, spans?.month ?? null],
  ];
  return (
    <dl class="spans" data-testid="spans">
      {shown.map(([label, span]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <strong>{span === null || span.percent === null ? "–" : formatShare(span.percent)}</strong>
            {span !== null && <SpanNotes span={span} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function SpanNotes({ span: { percent, missingMs, plannedMs } }: { span: Span }) {
  const t = text.value;
  if (percent === null) return <small>{t.availabilityNone}</small>;
  return (
    <>
      <small>{missingMs > 0 ? t.availabilityMissing(formatDuration(missingMs)) : t.availabilityWhole}</small>
      {plannedMs > 0 && <small>{t.availabilityPlanned(formatDuration(plannedMs))}</small>}
    </>
  );
}
