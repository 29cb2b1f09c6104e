import { useSignal, type Signal } from "@preact/signals";
import type { Incident } from "../../../server/http/wire-protection.js";
import { Disclosure } from "../components/disclosure.js";
import { formatDuration, formatTime } from "../i18n/format.js";
import { incidentText, severityText } from "../i18n/incident-text.js";
import { language } from "../i18n/chosen-language.js";
import { eventTables, text } from "../i18n/text.js";
import { loadOlderIncidents } from "../state/protection-actions.js";
import { incidents } from "../state/protection-store.js";
import { labelOf } from "../state/store.js";
import { MoreButton } from "./more-button.js";

type Filter = "all" | "problems";

/** What happened, newest first. */
export function EventsCard() {
  const t = text.value;
  const filter = useSignal<Filter>("all");
  const still = incidents.value.items.filter(({ endedAt }) => endedAt === null).length;
  return (
    <Disclosure id="events" title={t.events} digest={still > 0 ? t.eventsStill(still) : undefined}>
      {() => (
        <>
          <FilterChoice filter={filter} />
          <EventList filter={filter.value} />
        </>
      )}
    </Disclosure>
  );
}

function FilterChoice({ filter }: { filter: Signal<Filter> }) {
  const t = text.value;
  const choices: readonly (readonly [Filter, string])[] = [
    ["all", t.eventsAll],
    ["problems", t.eventsProblems],
  ];
  return (
    <div class="segments" role="group" aria-label={t.eventsShow}>
      {choices.map(([choice, label]) => (
        <button
          key={choice}
          type="button"
          aria-pressed={filter.value === choice}
          data-testid={`events-${choice}`}
          onClick={() => {
            filter.value = choice;
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function EventList({ filter }: { filter: Filter }) {
  const t = text.value;
  const { items, next, known } = incidents.value;
  const shown = items.filter(({ severity }) => filter === "all" || severity !== "info");
  const empty = !known ? t.loading : items.length === 0 ? t.eventsNone : t.eventsNoProblems;
  return (
    <>
      {shown.length === 0 && <p class="empty">{empty}</p>}
      <ol class="events" data-testid="event-list" tabIndex={0} aria-label={t.events} hidden={shown.length === 0}>
        {shown.map((incident) => (
          <EventItem key={incident.id} incident={incident} />
        ))}
      </ol>
      {next !== null && <MoreButton onMore={loadOlderIncidents} />}
    </>
  );
}

function EventItem({ incident }: { incident: Incident }) {
  const t = text.value;
  const { at, endedAt, severity, camera, message } = incident;
  const { title, detail } = incidentText(t, eventTables.value, incident);
  return (
    <li
      class="event"
      data-severity={severity}
      data-code={incident.code}
      title={message === detail ? undefined : message}
    >
      <span class="event-mark" role="img" aria-label={severityText(t, severity)} />
      <div>
        <p class="event-line">
          <strong>{title}</strong>
          {camera !== null && <small class="event-camera">{labelOf(camera)}</small>}
        </p>
        {detail !== "" && <p class="event-detail">{detail}</p>}
        <p class="event-when">
          <time dateTime={new Date(at).toISOString()}>{formatTime(at, Date.now(), language.value)}</time>
          {endedAt === null && <span class="event-still">{t.eventStill}</span>}
          {endedAt !== null && endedAt > at && <span>{t.eventLasted(formatDuration(endedAt - at))}</span>}
        </p>
      </div>
    </li>
  );
}
