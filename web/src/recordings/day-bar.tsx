import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../components/icon.js";
import { formatBytes, formatDuration, formatWait } from "../i18n/format.js";
import { text } from "../i18n/text.js";
import { labelOf, status } from "../state/store.js";
import { dayBeside, dayNamed, dayOf, minutesAhead, monthOf, type Day } from "./day.js";
import { chooseCamera, chooseDay } from "./recordings-actions.js";
import { camera, day, days, files } from "./recordings-store.js";

/** Which day, and which camera. */
export function DayBar() {
  const t = text.value;
  const today = dayOf(Date.now());
  const chosen = day.value;
  const isLast = chosen.name >= today.name;
  return (
    <section class="card day-bar" aria-label={t.day}>
      <div class="day-choice">
        <button
          type="button"
          class="button icon-button"
          title={t.dayBefore}
          aria-label={t.dayBefore}
          data-testid="day-before"
          onClick={() => {
            chooseDay(dayBeside(chosen, -1));
          }}
        >
          <Icon name="left" />
        </button>
        <input
          type="date"
          class="time-input"
          aria-label={t.day}
          data-testid="day"
          value={chosen.name}
          max={today.name}
          onChange={(event) => {
            const named = dayNamed(event.currentTarget.value);
            if (named !== null) chooseDay(named);
          }}
        />
        <button
          type="button"
          class="button icon-button"
          title={t.dayAfter}
          aria-label={t.dayAfter}
          disabled={isLast}
          onClick={() => {
            chooseDay(dayBeside(chosen, 1));
          }}
        >
          <Icon name="right" />
        </button>
        <button
          type="button"
          class="button"
          disabled={chosen.name === today.name}
          onClick={() => {
            chooseDay(today);
          }}
        >
          {t.today}
        </button>
        <CameraChoice />
      </div>
      <Month chosen={chosen} today={today} />
      <OtherClock />
    </section>
  );
}

/** Schedules, and what is written into the picture, follow the clock of the cameras: it may be in another zone. */
function OtherClock() {
  const t = text.value;
  const newest = files.value?.items[0];
  const ahead = newest === undefined ? 0 : minutesAhead(newest.tzOffsetMinutes, newest.startedAt);
  if (ahead === 0) return null;
  return (
    <p class="hint" data-testid="other-clock">
      {(ahead > 0 ? t.zoneAhead : t.zoneBehind)(formatWait(Math.abs(ahead) * 60))}
    </p>
  );
}

function CameraChoice() {
  const t = text.value;
  return (
    <div class="segments camera-choice" role="group" aria-label={t.allCameras}>
      {(status.value?.cameras ?? []).map(({ number }) => (
        <button
          key={number}
          type="button"
          aria-pressed={camera.value === number}
          data-testid={`recorded-camera-${number}`}
          onClick={() => {
            chooseCamera(number);
          }}
        >
          {labelOf(number)}
        </button>
      ))}
    </div>
  );
}

/** The days of the month; those with recordings stand out. */
function Month({ chosen, today }: { chosen: Day; today: Day }) {
  const t = text.value;
  const recorded = new Map(days.value.map((each) => [each.day, each]));
  const list = useRef<HTMLOListElement>(null);
  // A phone shows a third of the month.
  useEffect(() => {
    const [box, shown] = [list.current, list.current?.querySelector<HTMLElement>("[aria-current]")];
    if (box !== null && shown) box.scrollLeft = shown.offsetLeft - box.offsetLeft - box.clientWidth / 2;
  }, [chosen.name]);
  return (
    <ol class="month" ref={list} aria-label={t.daysOfMonth}>
      {monthOf(chosen).map((each) => {
        const of = recorded.get(each.name);
        const isChosen = each.name === chosen.name;
        const title =
          of === undefined
            ? t.dayEmpty(each.name)
            : t.dayRecorded(each.name, formatDuration(of.ms), formatBytes(of.bytes));
        return (
          <li key={each.name}>
            <button
              type="button"
              title={title}
              aria-label={title}
              aria-current={isChosen ? "date" : undefined}
              // Not thirty stops for the keyboard: an empty day is reached by the buttons and the field above.
              tabIndex={of !== undefined || isChosen ? 0 : -1}
              data-recorded={of !== undefined}
              disabled={each.name > today.name}
              onClick={() => {
                chooseDay(each);
              }}
            >
              {Number(each.name.slice(8))}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
