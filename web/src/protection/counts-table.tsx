import { useEffect } from "preact/hooks";
import type { Dictionary } from "../i18n/dictionary.js";
import { formatCount, formatDuration, formatMean, formatShare } from "../i18n/format.js";
import { text } from "../i18n/text.js";
import { sumCounts, type CountsSum } from "../state/counts.js";
import { loadCounts } from "../state/protection-actions.js";
import { counts } from "../state/protection-store.js";
import { status } from "../state/store.js";

/** The counts are asked for again so often while somebody looks at them, in milliseconds. */
const refreshMs = 30_000;

/** Switches and their success, time above the thresholds, viewers: over a day and over 30 days (B4). */
export function CountsTable() {
  const t = text.value;
  useEffect(() => {
    void loadCounts();
    const timer = setInterval(() => {
      if (!document.hidden) void loadCounts();
    }, refreshMs);
    return () => {
      clearInterval(timer);
    };
  }, []);
  const rows = counts.value;
  if (rows === null) return <p class="empty">{t.loading}</p>;
  const nowMs = status.peek()?.now ?? Date.now();
  const day = sumCounts(rows, 24, nowMs);
  const month = sumCounts(rows, 720, nowMs);
  return (
    <table class="counts" data-testid="counts-table">
      <thead>
        <tr>
          <td />
          <th scope="col">{t.availabilityDay}</th>
          <th scope="col">{t.availabilityMonth}</th>
        </tr>
      </thead>
      <tbody>
        {countRows(t).map(({ key, label, of }) => (
          <tr key={key} data-count={key}>
            <th scope="row">{label}</th>
            <td>{of(day)}</td>
            <td>{of(month)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CountRow {
  readonly key: keyof CountsSum;
  readonly label: string;
  readonly of: (sum: CountsSum) => string;
}

function countRows(t: Dictionary): readonly CountRow[] {
  const time = (seconds: number) => (seconds === 0 ? "0" : formatDuration(seconds * 1000));
  const orNone = (value: number | null, show: (value: number) => string) => (value === null ? "–" : show(value));
  return [
    { key: "switches", label: t.countSwitches, of: (sum) => formatCount(sum.switches) },
    { key: "successPercent", label: t.countSuccess, of: (sum) => orNone(sum.successPercent, formatShare) },
    { key: "cpuOverSeconds", label: t.countCpuOver, of: (sum) => time(sum.cpuOverSeconds) },
    { key: "temperatureOverSeconds", label: t.countTemperatureOver, of: (sum) => time(sum.temperatureOverSeconds) },
    { key: "memoryOverSeconds", label: t.countMemoryOver, of: (sum) => time(sum.memoryOverSeconds) },
    { key: "reducedSeconds", label: t.countReduced, of: (sum) => time(sum.reducedSeconds) },
    { key: "stoppedSeconds", label: t.countStopped, of: (sum) => time(sum.stoppedSeconds) },
    { key: "viewersMost", label: t.countViewersMost, of: (sum) => formatCount(sum.viewersMost) },
    { key: "viewersMean", label: t.countViewersMean, of: (sum) => orNone(sum.viewersMean, formatMean) },
  ];
}
