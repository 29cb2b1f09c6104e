import { AppError } from "../lib/errors.js";
import type { CameraMessage } from "./stderr-classifier.js";

/** The camera that a program is to open. */
export interface AskedCamera {
  /** Its libcamera id; undefined: any is right. */
  readonly id: string | undefined;
  /** The number by which rpicam is asked for it. */
  readonly rpicamNumber: number;
}

/** rpicam-apps leave out what hangs on USB before they count. */
const isCounted = (id: string): boolean => !id.includes("/usb");

/**
 * Which camera a program has opened, by its own words. rpicam counts the cameras that it finds at its start, by descending
 * id: a number that was looked up before may be another camera's by then.
 */
export class CameraIdentity {
  readonly #asked: AskedCamera;
  readonly #found = new Set<string>();
  #named: string | null = null;

  constructor(asked: AskedCamera) {
    this.#asked = asked;
  }

  hear(message: CameraMessage): void {
    if (message.kind === "found" && isCounted(message.id)) this.#found.add(message.id);
    if (message.kind === "opened") this.#named = message.id;
    // The one that it could not have is the one that it took the number for.
    if (message.kind === "busy" && message.id !== undefined) this.#named = message.id;
  }

  /** Ids of the cameras that it found, by rpicam's number. Whole when the first frame comes. */
  get foundByNumber(): readonly string[] {
    return [...this.#found].sort().reverse();
  }

  /** The camera that it says it opened; null: it has not said so, or calls it by a name that it found none by. */
  get opened(): string | null {
    return this.#named !== null && this.#found.has(this.#named) ? this.#named : null;
  }

  /**
   * Why what it gives is not of the camera asked for; null: it is, as far as the program said. Once all cameras are found
   * the number tells, where it says nothing more, as on libcamera's virtual cameras.
   */
  refusal({ allFound }: { readonly allFound: boolean }): AppError | null {
    const { id, rpicamNumber } = this.#asked;
    const opened = this.opened ?? (allFound ? this.foundByNumber[rpicamNumber] : undefined);
    if (id === undefined || opened === undefined || opened === id) return null;
    return new AppError("wrongCamera", `rpicam's number ${rpicamNumber} was camera ${id} and is ${opened} now.`);
  }
}
