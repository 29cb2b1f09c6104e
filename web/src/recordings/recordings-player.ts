import { playback } from "./recordings-store.js";
import { RecordingPlayer, type PlayRange } from "./recording-player.js";

/** The one player of the view, between its element and what steers it; without an element nothing is played. */
class RecordingsPlayer {
  #player: RecordingPlayer | null = null;

  /** Called once the element is there; the returned function ends the player. */
  mount(video: HTMLVideoElement): () => void {
    const player = new RecordingPlayer(video, (view) => {
      playback.value = view;
    });
    this.#player = player;
    return () => {
      player.stop();
      player.close();
      this.#player = null;
    };
  }

  play(range: PlayRange): void {
    this.#player?.play(range);
  }

  toggle(): void {
    this.#player?.toggle();
  }

  seek(atMs: number): void {
    this.#player?.seek(atMs);
  }

  setRate(rate: number): void {
    if (this.#player !== null) this.#player.rate = rate;
  }

  stop(): void {
    this.#player?.stop();
  }
}

export const player = new RecordingsPlayer();
