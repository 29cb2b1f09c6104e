/**
 * The one file that knows uPlot, loaded when the first plot is in sight. A plot is drawn when it is given new values and
 * at no other time; whoever makes one closes it.
 */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Columns } from "./columns.js";
import type { PlotLine } from "./plots.js";
import { trackMs } from "./track.js";

export interface PlotPicture {
  readonly columns: Columns;
  readonly lines: readonly PlotLine[];
  readonly range: readonly [least: number, most: number];
}

export interface PlotCanvasOptions {
  readonly heightPx: number;
  /** For the times below the plot. */
  readonly language: string;
  /** Index of the sample under the pointer; null when there is none. */
  readonly onPoint: (index: number | null) => void;
}

/** The first curve is the machine, the second our own share. */
const strokes = ["#007bff", "#5b636c"] as const;
const fills = ["rgb(0 123 255 / 10%)", "rgb(91 99 108 / 12%)"] as const;
const lineColours = { reduce: "#8a5a00", stop: "#b42318" } as const;
const grid = { stroke: "#eef0f2", width: 1 };
const soft = "#565d66";
const font = "11px system-ui, sans-serif";

export class PlotCanvas {
  readonly #plot: uPlot;
  readonly #resizes: ResizeObserver;
  readonly #heightPx: number;
  #picture: PlotPicture;

  constructor(place: HTMLElement, picture: PlotPicture, options: PlotCanvasOptions) {
    this.#picture = picture;
    this.#heightPx = options.heightPx;
    this.#plot = new uPlot(this.#options(place.clientWidth, options), data(picture.columns), place);
    this.#resizes = new ResizeObserver(() => {
      if (place.clientWidth > 0) this.#plot.setSize({ width: place.clientWidth, height: this.#heightPx });
    });
    this.#resizes.observe(place);
  }

  show(picture: PlotPicture): void {
    this.#picture = picture;
    this.#plot.setData(data(picture.columns));
  }

  close(): void {
    this.#resizes.disconnect();
    this.#plot.destroy();
  }

  #options(width: number, { language, onPoint }: PlotCanvasOptions): uPlot.Options {
    const time = (seconds: number) =>
      new Date(seconds * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return {
      width: Math.max(width, 1),
      height: this.#heightPx,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { x: { range: () => this.#span() }, y: { range: () => [...this.#picture.range] } },
      axes: [
        {
          stroke: soft,
          font,
          grid,
          ticks: { show: false },
          size: 22,
          gap: 4,
          space: 70,
          values: (_, at) => at.map(time),
        },
        { stroke: soft, font, grid, ticks: { show: false }, size: 30, gap: 4, space: 28 },
      ],
      series: [{}, ...this.#picture.columns.slice(1).map((_, index) => curve(index))],
      hooks: {
        draw: [
          (plot) => {
            this.#drawLines(plot);
          },
        ],
        setCursor: [
          (plot) => {
            onPoint(plot.cursor.idx ?? null);
          },
        ],
      },
    };
  }

  /** Ten minutes up to the newest sample, in seconds. */
  #span(): [number, number] {
    const newest = this.#picture.columns[0].at(-1) ?? Date.now() / 1000;
    return [newest - trackMs / 1000, newest];
  }

  #drawLines(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    for (const { at, kind } of this.#picture.lines) {
      const y = Math.round(plot.valToPos(at, "y", true));
      ctx.strokeStyle = lineColours[kind];
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }
}

function curve(index: number): uPlot.Series {
  return {
    stroke: strokes[index] ?? soft,
    fill: fills[index] ?? "transparent",
    width: 1.5,
    spanGaps: false,
    points: { show: false },
  };
}

/** uPlot only reads the columns; its type does not say so. */
const data = (columns: Columns): uPlot.AlignedData => columns as unknown as uPlot.AlignedData;
