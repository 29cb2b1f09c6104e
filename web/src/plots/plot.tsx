import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { DrillMark } from "../components/drill-mark.js";
import { formatTime } from "../i18n/format.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import type { PlotCanvas } from "./canvas.js";
import { columnsOf, extremesOf, type Columns } from "./columns.js";
import type { PlotPlan } from "./plots.js";
import type { Sample } from "./track.js";

const heightPx = 132;

/** One small plot: its figure in words above, the curve below; or why there is no curve. */
export function Plot({ plan, samples }: { plan: PlotPlan; samples: readonly Sample[] }) {
  const t = text.value;
  const point = useSignal<number | null>(null);
  const columns = useMemo(
    () =>
      columnsOf(
        samples,
        plan.curves.map(({ of }) => of),
      ),
    [samples, plan],
  );
  const extremes = extremesOf(columns[1] ?? []);
  return (
    <figure class="plot" data-testid={`plot-${plan.key}`} data-known={extremes !== null}>
      <figcaption>
        <h3>
          {plan.title} {plan.simulated && <DrillMark />}
        </h3>
        {extremes !== null && <Reading plan={plan} columns={columns} point={point.value} />}
      </figcaption>
      {extremes === null ? (
        <p class="plot-absent" title={plan.absent.why ?? undefined}>
          {t.plotUnknown}: {plan.absent.unknown}
        </p>
      ) : (
        <Curve
          plan={plan}
          columns={columns}
          summary={summaryOf(t, plan, columns)}
          onPoint={(index) => {
            point.value = index;
          }}
        />
      )}
      <PlotKey plan={plan} />
    </figure>
  );
}

/** The figures at the pointer, else the newest. */
function Reading({ plan, columns, point }: { plan: PlotPlan; columns: Columns; point: number | null }) {
  const at = point === null ? null : columns[0][point];
  return (
    <p class="plot-reading">
      {at !== null && at !== undefined && <time>{formatTime(at * 1000, at * 1000, language.value)} </time>}
      {plan.curves.map(({ label }, index) => {
        const column = columns[index + 1] ?? [];
        const value = point === null ? column.at(-1) : column[point];
        return (
          <span key={label} data-curve={index} title={label}>
            {value === null || value === undefined ? "–" : plan.format(value)}
          </span>
        );
      })}
    </p>
  );
}

interface CurveProps {
  readonly plan: PlotPlan;
  readonly columns: Columns;
  readonly summary: string;
  readonly onPoint: (index: number | null) => void;
}

/** Loads the drawing when it is first needed. */
function Curve({ plan, columns, summary, onPoint }: CurveProps) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<PlotCanvas | null>(null);
  const failed = useSignal(false);
  const picture = { columns, lines: plan.lines, range: plan.range };
  const latest = useRef(picture);
  latest.current = picture;
  useEffect(() => {
    let gone = false;
    import("./canvas.js").then(
      ({ PlotCanvas: Drawing }) => {
        if (gone || place.current === null) return;
        canvas.current = new Drawing(place.current, latest.current, { heightPx, language: language.peek(), onPoint });
      },
      () => {
        failed.value = true;
      },
    );
    return () => {
      gone = true;
      canvas.current?.close();
      canvas.current = null;
    };
  }, []);
  useEffect(() => canvas.current?.show(latest.current), [columns, plan]);
  if (failed.value) return <p class="plot-absent">{text.value.plotFailed}</p>;
  return <div ref={place} class="plot-canvas" role="img" aria-label={summary} data-testid={`curve-${plan.key}`} />;
}

function PlotKey({ plan: { curves, lines } }: { plan: PlotPlan }) {
  return (
    <ul class="plot-key" aria-hidden="true">
      {curves.length > 1 &&
        curves.map(({ label }, index) => (
          <li key={label} data-curve={index}>
            {label}
          </li>
        ))}
      {lines.map(({ kind, label }) => (
        <li key={kind} data-line={kind}>
          {label}
        </li>
      ))}
    </ul>
  );
}

/** The plot for those who hear it. */
function summaryOf(t: Dictionary, { title, format, curves, lines }: PlotPlan, columns: Columns): string {
  const parts = curves.flatMap(({ label }, index) => {
    const column = columns[index + 1] ?? [];
    const extremes = extremesOf(column);
    if (extremes === null) return [];
    const now = column.at(-1);
    const name = curves.length > 1 ? `${title} (${label})` : title;
    const nowText = now === null || now === undefined ? t.plotUnknown : format(now);
    return [t.plotSummary(name, nowText, format(extremes.least), format(extremes.most))];
  });
  return [...parts, ...lines.map(({ label }) => label)].join(". ");
}
