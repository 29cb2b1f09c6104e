import type { RecordingPlans } from "../../../server/http/wire-recording.js";
import { Icon } from "../components/icon.js";
import { text } from "../i18n/text.js";

type Row = RecordingPlans["cameras"][string]["schedule"][number];

const workdays: Row = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00" };

/** The weekly table; each change is told whole. */
export function ScheduleTable({ rows, onChange }: { rows: readonly Row[]; onChange: (rows: Row[]) => void }) {
  const t = text.value;
  return (
    <div class="schedule">
      {rows.map((row, index) => (
        <ScheduleRow
          key={index}
          row={row}
          onChange={(changed) => {
            onChange(rows.map((each, at) => (at === index ? changed : each)));
          }}
          onRemove={() => {
            onChange(rows.filter((_, at) => at !== index));
          }}
        />
      ))}
      <button
        type="button"
        class="button small"
        data-testid="schedule-add"
        onClick={() => {
          onChange([...rows, workdays]);
        }}
      >
        {t.planAddRow}
      </button>
    </div>
  );
}

interface ScheduleRowProps {
  readonly row: Row;
  readonly onChange: (row: Row) => void;
  readonly onRemove: () => void;
}

function ScheduleRow({ row, onChange, onRemove }: ScheduleRowProps) {
  const t = text.value;
  const toggle = (day: number): void => {
    const days = row.days.includes(day) ? row.days.filter((each) => each !== day) : [...row.days, day].sort();
    if (days.length > 0) onChange({ ...row, days });
  };
  return (
    <div class="schedule-row">
      <div class="weekdays" role="group" aria-label={t.planDays}>
        {t.weekdays.split(" ").map((name, day) => (
          <button
            key={name}
            type="button"
            aria-pressed={row.days.includes(day)}
            onClick={() => {
              toggle(day);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <TimeInput
        label={t.planFrom}
        value={row.from}
        onChange={(from) => {
          onChange({ ...row, from });
        }}
      />
      <TimeInput
        label={t.planTo}
        value={row.to === "24:00" ? "00:00" : row.to}
        onChange={(to) => {
          onChange({ ...row, to });
        }}
      />
      <button
        type="button"
        class="button icon-button"
        title={t.planRemoveRow}
        aria-label={t.planRemoveRow}
        onClick={onRemove}
      >
        <Icon name="trash" />
      </button>
    </div>
  );
}

function TimeInput({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <input
      class="time-input"
      type="time"
      aria-label={label}
      value={value}
      onChange={(event) => {
        if (event.currentTarget.value !== "") onChange(event.currentTarget.value);
      }}
    />
  );
}
