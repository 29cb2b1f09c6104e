/**
 * Plays what was recorded of a camera in a range: one playlist, one element. Owns hls.js on the element it was given, or
 * the browser's own player where there is no hls.js; whoever makes it closes it.
 */
import Hls, { type LevelDetails } from "hls.js/light";
import { idlePlayback, type Playback } from "./playback.js";
import { placeOf, recordedAt, type PlacedSegment } from "./time-map.js";

export interface PlayRange {
  readonly url: string;
  /** Where to begin, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** A second later a seek would show a frame that nobody asked for. */
const config = {
  // A range may be a day: what was played is let go.
  backBufferLength: 30,
  maxBufferLength: 30,
  startPosition: 0,
  testBandwidth: false,
  enableDateRangeMetadataCues: false,
  enableEmsgMetadataCues: false,
  enableID3MetadataCues: false,
} as const;

export class RecordingPlayer {
  readonly #video: HTMLVideoElement;
  readonly #onView: (view: Playback) => void;
  readonly #listening = new AbortController();
  #hls: Hls | null = null;
  #url: string | null = null;
  #segments: readonly PlacedSegment[] = [];
  #view: Playback = idlePlayback;
  /** Where to go as soon as the playlist is known. */
  #wanted: number | null = null;

  constructor(video: HTMLVideoElement, onView: (view: Playback) => void) {
    this.#video = video;
    this.#onView = onView;
    const { signal } = this.#listening;
    const on = (type: string, listener: () => void) => {
      video.addEventListener(type, listener, { signal });
    };
    for (const type of ["timeupdate", "seeked"])
      on(type, () => {
        this.#tell({});
      });
    on("play", () => {
      this.#tell({ kind: "playing" });
    });
    on("playing", () => {
      this.#tell({ kind: "playing" });
    });
    on("pause", () => {
      if (!video.ended) this.#tell({ kind: "paused" });
    });
    on("ended", () => {
      this.#tell({ kind: "ended" });
    });
  }

  /** Loads another range, or goes to another place of the same one; plays from there. */
  play({ url, atMs }: PlayRange): void {
    if (url === this.#url && this.#segments.length > 0) {
      this.seek(atMs);
      void this.#video.play().catch(() => undefined);
      return;
    }
    this.#unload();
    this.#url = url;
    this.#wanted = atMs;
    this.#tell({ kind: "loading", atMs });
    if (Hls.isSupported()) this.#loadHls(url);
    else this.#loadNative(url);
  }

  toggle(): void {
    if (this.#video.paused) void this.#video.play().catch(() => undefined);
    else this.#video.pause();
  }

  /** To a time of the day; where nothing was recorded, to the next recording. */
  seek(atMs: number): void {
    const place = placeOf(this.#segments, atMs);
    if (place === null) return;
    this.#video.currentTime = place;
    this.#tell({ atMs: recordedAt(this.#segments, place) });
  }

  set rate(rate: number) {
    this.#video.defaultPlaybackRate = rate;
    this.#video.playbackRate = rate;
    this.#tell({ rate });
  }

  /** Nothing is shown any more. */
  stop(): void {
    this.#unload();
    this.#tell({ kind: "idle", atMs: null });
  }

  close(): void {
    this.#listening.abort();
    this.#unload();
  }

  #loadHls(url: string): void {
    const hls = new Hls(config);
    this.#hls = hls;
    hls.on(Hls.Events.LEVEL_LOADED, (_event, { details }) => {
      this.#begin(placesIn(details));
    });
    // A segment tells its exact length when it is loaded, and those after it move.
    hls.on(Hls.Events.LEVEL_UPDATED, (_event, { details }) => {
      this.#segments = placesIn(details);
    });
    hls.on(Hls.Events.ERROR, (_event, { fatal, type }) => {
      if (!fatal) return;
      if (type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else this.#fail();
    });
    hls.loadSource(url);
    hls.attachMedia(this.#video);
  }

  /** Its playlist is not told to scripts: places are taken from the element's own idea of the date. */
  #loadNative(url: string): void {
    const video = this.#video as HTMLVideoElement & { getStartDate?: () => Date };
    const { signal } = this.#listening;
    video.addEventListener(
      "error",
      () => {
        this.#fail();
      },
      { signal, once: true },
    );
    video.addEventListener(
      "loadedmetadata",
      () => {
        const startMs = video.getStartDate?.().getTime() ?? this.#wanted ?? 0;
        this.#begin([{ startS: 0, durationS: video.duration, atMs: startMs }]);
      },
      { signal, once: true },
    );
    video.src = url;
  }

  #begin(segments: readonly PlacedSegment[]): void {
    this.#segments = segments;
    if (this.#wanted === null) return;
    const place = placeOf(segments, this.#wanted) ?? 0;
    this.#wanted = null;
    this.#video.currentTime = place;
    this.#video.playbackRate = this.#view.rate;
    void this.#video.play().catch(() => undefined);
  }

  #fail(): void {
    this.#unload();
    this.#tell({ kind: "failed" });
  }

  #unload(): void {
    this.#hls?.destroy();
    this.#hls = null;
    this.#url = null;
    this.#segments = [];
    this.#wanted = null;
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  #tell(change: Partial<Playback>): void {
    const atMs = this.#segments.length === 0 ? this.#view.atMs : recordedAt(this.#segments, this.#video.currentTime);
    this.#view = { ...this.#view, atMs, ...change };
    this.#onView(this.#view);
  }
}

function placesIn({ fragments }: LevelDetails): PlacedSegment[] {
  return fragments.map(({ start, duration, programDateTime }) => {
    return { startS: start, durationS: duration, atMs: programDateTime ?? 0 };
  });
}
