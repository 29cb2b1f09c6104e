import { useEffect } from "preact/hooks";
import type { Signal } from "@preact/signals";
import type { Export } from "../../../server/http/wire-recording.js";
import { Icon } from "../components/icon.js";
import { formatBytes, formatTime } from "../i18n/format.js";
import { exportText } from "../i18n/recording-text.js";
import { language } from "../i18n/chosen-language.js";
import { reasonText, text } from "../i18n/text.js";
import { labelOf } from "../state/store.js";
import { fieldEnd, fieldTime, timeField, type Day } from "./day.js";
import { beginExport, loadExports, removeExport } from "./recordings-actions.js";
import { exportAddress } from "./recordings-api.js";
import { camera, day, exportFrom, exportsMade, exportTo, playback } from "./recordings-store.js";

/** While one is made, its progress is asked for so often, in milliseconds. */
const progressMs = 1000;

const isMade = ({ state }: Export): boolean => state === "waiting" || state === "running";

/** Any time of the day as one file. */
export function ExportCard() {
  const t = text.value;
  const list = exportsMade.value;
  const isAnyMade = list.some(isMade);
  useEffect(() => void loadExports(), []);
  useEffect(() => {
    if (!isAnyMade) return;
    const timer = setInterval(() => void loadExports(), progressMs);
    return () => {
      clearInterval(timer);
    };
  }, [isAnyMade]);
  return (
    <section class="card" aria-labelledby="export-title">
      <h2 id="export-title">{t.exports}</h2>
      <p class="hint">{t.exportsHint}</p>
      <Choice />
      {list.length === 0 ? (
        <p class="empty">{t.exportsNone}</p>
      ) : (
        <ol class="exports" data-testid="exports">
          {list.map((item) => (
            <ExportItem key={item.id} item={item} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Choice() {
  const t = text.value;
  const [from, to] = [exportFrom.value, exportTo.value];
  const wrong = from !== null && to !== null && to <= from;
  return (
    <form
      class="export-choice"
      onSubmit={(event) => {
        event.preventDefault();
        if (from !== null && to !== null && !wrong) void beginExport(camera.peek(), from, to);
      }}
    >
      <TimeField label={t.exportFrom} value={exportFrom} id="export-from" read={fieldTime} />
      <TimeField label={t.exportTo} value={exportTo} id="export-to" read={fieldEnd} />
      <button class="button strong" disabled={from === null || to === null || wrong} data-testid="export-begin">
        {t.exportBegin}
      </button>
      {wrong && <p class="field-wrong">{t.exportWrong}</p>}
    </form>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly value: Signal<number | null>;
  readonly id: string;
  readonly read: (day: Day, typed: string) => number | null;
}

function TimeField({ label, value, id, read }: TimeFieldProps) {
  const t = text.value;
  const { atMs } = playback.value;
  return (
    <div class="time-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="time-input"
        type="time"
        step={1}
        data-testid={id}
        value={value.value === null ? "" : timeField(value.value)}
        onChange={(event) => {
          value.value = read(day.peek(), event.currentTarget.value);
        }}
      />
      <button
        type="button"
        class="button small"
        disabled={atMs === null}
        title={t.exportHere(label)}
        aria-label={t.exportHere(label)}
        data-testid={`${id}-here`}
        onClick={() => {
          value.value = atMs;
        }}
      >
        <Icon name="mark" />
      </button>
    </div>
  );
}

function ExportItem({ item }: { item: Export }) {
  const t = text.value;
  const { id, state, progress, name, reason, bytes } = item;
  const from = formatTime(item.from, Date.now(), language.value);
  // Its day is that of the begin, unless it says another one.
  const to = formatTime(item.to, item.from, language.value);
  return (
    <li class="export" data-testid="export" data-state={state}>
      <p class="export-line">
        <strong>
          {labelOf(item.camera)} · {t.gapSpan(from, to)}
        </strong>
        <span role="status">
          {exportText(t, item)}
          {bytes !== null && ` · ${formatBytes(bytes)}`}
        </span>
      </p>
      {isMade(item) && <progress value={progress} max={1} aria-label={name} />}
      {reason !== null && (
        <p class="field-wrong">
          {reasonText(reason.code, reason.message)}
          {reason.recording !== null && ` (${reason.recording})`}
        </p>
      )}
      <div class="export-tools">
        {state === "finished" && (
          <>
            <a class="button" href={exportAddress(id, "file")} download={name} data-testid="export-file">
              {t.exportFile}
            </a>
            <a class="button" href={exportAddress(id, "manifest")} download={`${name}.json`}>
              {t.exportManifest}
            </a>
          </>
        )}
        <button type="button" class="button" data-testid="export-remove" onClick={() => void removeExport(id)}>
          {isMade(item) ? t.exportCancel : t.exportRemove}
        </button>
      </div>
    </li>
  );
}
