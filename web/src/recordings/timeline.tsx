import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatDuration, formatTime } from "../i18n/format.js";
import { missingText } from "../i18n/recording-text.js";
import { language } from "../i18n/chosen-language.js";
import { eventTables, text } from "../i18n/text.js";
import { labelOf, status } from "../state/store.js";
import { shareOf } from "./day.js";
import { Preview, type Pointed } from "./preview.js";
import { chooseCamera, playFrom } from "./recordings-actions.js";
import { camera, day, exportFrom, exportTo, missing, playback, spans, switches, timeline } from "./recordings-store.js";

interface Zoom {
  readonly factor: number;
  /** Between two marks of time, in minutes. */
  readonly markMinutes: number;
}

const zooms: readonly Zoom[] = [
  { factor: 1, markMinutes: 180 },
  { factor: 4, markMinutes: 60 },
  { factor: 24, markMinutes: 10 },
  { factor: 96, markMinutes: 2 },
];

const percent = (share: number): string => `${(100 * share).toFixed(4)}%`;
const clockTime = (epochMs: number): string =>
  new Date(epochMs).toLocaleTimeString(language.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A day of all cameras: what was recorded, what is missing, when cameras were switched. */
export function Timeline() {
  const t = text.value;
  const zoom = useSignal<Zoom>(zooms[0] ?? { factor: 1, markMinutes: 180 });
  const pointed = useSignal<Pointed | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const keepMiddle = useKeptMiddle(scroller);
  const { atMs } = playback.value;
  // What is played stays in sight, also when the section changes.
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    // Else what was recorded last, as the list of files begins with it.
    const shown = atMs ?? spans.peek().at(-1)?.to ?? Math.min(Date.now(), day.peek().to);
    const at = shareOf(day.peek(), shown) * box.scrollWidth;
    if (at < box.scrollLeft || at > box.scrollLeft + box.clientWidth) box.scrollLeft = at - box.clientWidth / 2;
  }, [zoom.value, atMs, timeline.value === null]);
  const names = [t.zoomDay, t.zoomHours, t.zoomHour, t.zoomMinutes];
  return (
    <section class="card timeline-card" aria-labelledby="timeline-title">
      <div class="timeline-head">
        <h2 id="timeline-title">{t.timeline}</h2>
        <div class="segments" role="group" aria-label={t.zoom}>
          {zooms.map((each, index) => (
            <button
              key={each.factor}
              type="button"
              aria-pressed={zoom.value === each}
              data-testid={`zoom-${each.factor}`}
              onClick={() => {
                zoom.value = each;
              }}
            >
              {names[index]}
            </button>
          ))}
        </div>
      </div>
      <div class="timeline-scroll" ref={scroller} onScroll={keepMiddle}>
        <div class="timeline" style={{ width: percent(zoom.value.factor) }}>
          {(status.value?.cameras ?? []).map(({ number }) => (
            <Lane key={number} number={number} onPoint={(next) => (pointed.value = next)} />
          ))}
          <Marks minutes={zoom.value.markMinutes} />
          {atMs !== null && <span class="playhead" style={{ left: percent(shareOf(day.value, atMs)) }} />}
        </div>
      </div>
      {pointed.value !== null && <Preview pointed={pointed.value} />}
      <p class="hint timeline-legend">
        <span class="legend" data-kind="recorded" /> {t.timelineRecorded}
        <span class="legend" data-kind="missing" /> {t.timelineMissing}
        <span class="legend" data-kind="switch" /> {t.timelineSwitches}
        {selected() !== null && (
          <>
            <span class="legend" data-kind="selection" /> {t.timelineSelection}
          </>
        )}
      </p>
      <p class="hint">
        {t.timelineHint} <span class="keyboard-hint">{t.timelineKeys}</span>
      </p>
    </section>
  );
}

/** What is in the middle of the section stays there when the width changes; to be called when it was scrolled. */
function useKeptMiddle(scroller: RefObject<HTMLDivElement | null>): () => void {
  const middle = useRef(0.5);
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const observer = new ResizeObserver(() => {
      box.scrollLeft = middle.current * box.scrollWidth - box.clientWidth / 2;
    });
    observer.observe(box);
    return () => {
      observer.disconnect();
    };
  }, []);
  return () => {
    const box = scroller.current;
    if (box !== null) middle.current = (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth;
  };
}

const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -10_000,
  ArrowRight: 10_000,
  PageUp: -600_000,
  PageDown: 600_000,
};

/** One camera; the one that is played is a slider for the keyboard. */
function Lane({ number, onPoint }: { number: number; onPoint: (pointed: Pointed | null) => void }) {
  const range = day.value;
  const chosen = camera.value === number;
  const { atMs } = playback.value;
  const shownMs = chosen ? atMs : null;
  const timeAt = (event: MouseEvent & { currentTarget: Element }): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return range.from + ((event.clientX - left) / width) * (range.to - range.from);
  };
  return (
    <div
      class="lane"
      data-testid={`lane-${number}`}
      data-chosen={chosen}
      role="slider"
      tabIndex={0}
      aria-label={labelOf(number)}
      aria-valuemin={0}
      aria-valuemax={Math.round((range.to - range.from) / 1000)}
      aria-valuenow={shownMs === null ? 0 : Math.round((shownMs - range.from) / 1000)}
      aria-valuetext={shownMs === null ? "–" : formatTime(shownMs, Date.now(), language.value)}
      onClick={(event) => {
        chooseCamera(number);
        playFrom(timeAt(event));
      }}
      onPointerMove={(event) => {
        const { top } = event.currentTarget.getBoundingClientRect();
        onPoint({ camera: number, atMs: timeAt(event), x: event.clientX, y: top });
      }}
      onPointerLeave={() => {
        onPoint(null);
      }}
      onKeyDown={(event) => {
        const by = keySteps[event.key];
        if (by === undefined) return;
        event.preventDefault();
        chooseCamera(number);
        playFrom((atMs ?? range.from) + by);
      }}
    >
      <span class="lane-name">{labelOf(number)}</span>
      <Recorded number={number} />
      {chosen && <MissingMarks />}
      <SwitchMarks number={number} />
      {chosen && <Selection />}
    </div>
  );
}

function Recorded({ number }: { number: number }) {
  const range = day.value;
  return (
    <>
      {(timeline.value?.spans ?? [])
        .filter((span) => span.camera === number)
        .map(({ from, to }) => (
          <span
            key={from}
            class="span"
            style={{ left: percent(shareOf(range, from)), width: percent(shareOf(range, to) - shareOf(range, from)) }}
          />
        ))}
    </>
  );
}

function MissingMarks() {
  const t = text.value;
  const range = day.value;
  return (
    <>
      {missing.value.map(({ from, to, code, message }) => (
        <span
          key={from}
          class="missing"
          title={`${formatDuration(to - from)} · ${missingText(t, eventTables.value, { code, message })}`}
          style={{ left: percent(shareOf(range, from)), width: percent(shareOf(range, to) - shareOf(range, from)) }}
        />
      ))}
    </>
  );
}

/** Where the camera became the live one. */
function SwitchMarks({ number }: { number: number }) {
  const t = text.value;
  const range = day.value;
  return (
    <>
      {switches.value
        .filter(({ live, from, outcome }) => outcome === "committed" && live === number && from !== number)
        .map(({ id, requestedAt }) => (
          <span
            key={id}
            class="switch-mark"
            title={t.timelineSwitch(clockTime(requestedAt), labelOf(number))}
            style={{ left: percent(shareOf(range, requestedAt)) }}
          />
        ))}
    </>
  );
}

/** What is to be exported; null: nothing was chosen. */
function selected(): { readonly from: number; readonly to: number } | null {
  const [from, to] = [exportFrom.value, exportTo.value];
  return from === null || to === null || to <= from ? null : { from, to };
}

function Selection() {
  const selection = selected();
  if (selection === null) return null;
  const { from, to } = selection;
  const range = day.value;
  const left = shareOf(range, from);
  return <span class="selection" style={{ left: percent(left), width: percent(shareOf(range, to) - left) }} />;
}

function Marks({ minutes }: { minutes: number }) {
  const { from, to } = day.value;
  const count = Math.ceil((to - from) / (minutes * 60_000));
  return (
    <div class="marks" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => from + index * minutes * 60_000).map((at) => (
        <span key={at} style={{ left: percent(shareOf(day.value, at)) }}>
          {clockTime(at)}
        </span>
      ))}
    </div>
  );
}
