import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { formatTime } from "../i18n/format.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import { Poster } from "./poster.js";
import { getRecordings } from "./recordings-api.js";
import { timeline } from "./recordings-store.js";

/** Where somebody points on the timeline. */
export interface Pointed {
  readonly camera: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** In the window, in pixels: of the hand, and of the lane's upper edge. */
  readonly x: number;
  readonly y: number;
}

/** A hand that only passes by asks nothing. */
const restMs = 120;
/** A file has one preview: pointing within it asks once. */
const slotMs = 15_000;
/** Numbers of the recordings that previews were asked for, by camera and time. One that is still written is asked for again. */
const known = new Map<string, number>();
const mostKnown = 500;

/** The time that is pointed at, with a picture of it where something was recorded. */
export function Preview({ pointed: { camera, atMs, x, y } }: { pointed: Pointed }) {
  const t = text.value;
  const id = useSignal<number | null>(null);
  const recorded = timeline.value?.spans.some((span) => span.camera === camera && span.from <= atMs && atMs < span.to);
  const slot = `${camera} ${Math.floor(atMs / slotMs)}`;
  useEffect(() => {
    id.value = known.get(slot) ?? null;
    if (recorded !== true || known.has(slot)) return;
    const timer = setTimeout(() => void find(camera, atMs, slot).then((found) => (id.value = found)), restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [slot, recorded]);
  const time = formatTime(atMs, Date.now(), language.value);
  return (
    <div
      class="preview"
      style={{ left: `${Math.round(Math.min(Math.max(x, 90), innerWidth - 90))}px`, top: `${Math.round(y)}px` }}
      data-testid="preview"
    >
      {id.value !== null && <Poster key={id.value} id={id.value} alt={t.preview(time)} width={160} />}
      <span>{time}</span>
    </div>
  );
}

async function find(camera: number, atMs: number, slot: string): Promise<number | null> {
  try {
    const { recordings } = await getRecordings({ camera, from: atMs, to: atMs + 1, limit: 1 });
    const [found] = recordings;
    const id = found?.state === "finished" ? found.id : null;
    if (known.size >= mostKnown) known.clear();
    if (id !== null) known.set(slot, id);
    return id;
  } catch {
    return null;
  }
}
