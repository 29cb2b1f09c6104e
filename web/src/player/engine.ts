/** What an engine cannot mend by itself, as an order to the player. */
export type Recovery = "jump" | "recoverMedia" | "recreate";

/** How far the picture is behind the newest media, and where it should be. Seconds. */
export interface Delay {
  readonly latencyS: number;
  readonly targetS: number;
  /** Where on the media element's own timeline the picture should be now. */
  readonly livePositionS: number;
}

/** One run of a player on the page's one video element: open from its making until `close`. */
export interface Engine {
  /** Null while nothing is loaded, or where it cannot be known. */
  delay(): Delay | null;
  /** The camera whose picture is on the screen, by the playlist's own word. Null: unknown. */
  camera(): number | null;
  recoverMedia(): void;
  close(): void;
}

export interface EngineListener {
  onFailure(recovery: Recovery): void;
  /** Media are there: it may be played. */
  onReady(): void;
}

export type OpenEngine = (video: HTMLVideoElement, url: string, listener: EngineListener) => Engine;
