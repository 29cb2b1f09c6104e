import { say } from "./rpicam-voice.js";

const doNothing = (): void => undefined;

/**
 * The signals of rpicam-vid: SIGINT asks it to stop, SIGTERM is not trapped, and with `--signal` SIGUSR1 pauses and
 * resumes while SIGUSR2 quits. Each is said on standard error.
 */
export class VidSignals {
  #stopAskedMs: number | null = null;
  #isPaused: boolean;
  #ignoresSigterm = false;

  /** Until `install` the kernel's own manners hold: SIGINT ends the program. */
  constructor(isPaused: boolean) {
    this.#isPaused = isPaused;
  }

  /** When the program was first asked to stop, on the clock of `performance.now()`. */
  get stopAskedMs(): number | null {
    return this.#stopAskedMs;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  install(togglesPause: boolean): void {
    process.on("SIGINT", () => {
      say("Received signal 2");
      this.#stopAskedMs ??= performance.now();
    });
    process.on("SIGUSR1", () => {
      say("Received signal 10");
      if (togglesPause) this.#isPaused = !this.#isPaused;
    });
    process.on("SIGUSR2", () => {
      say("Received signal 12");
      if (togglesPause) this.#stopAskedMs ??= performance.now();
    });
  }

  ignoreSigterm(ignore: boolean): void {
    if (ignore === this.#ignoresSigterm) return;
    this.#ignoresSigterm = ignore;
    if (ignore) process.on("SIGTERM", doNothing);
    else process.off("SIGTERM", doNothing);
  }
}
