import { readFileSync, statSync } from "node:fs";
import type { Fault } from "./faults.js";
import { faultPath } from "./simulation.js";

/** How old an answer may be. */
const freshMs = 50;

/** The fault of one camera, read again whenever its file has changed. */
export class FaultReader {
  readonly #path: string;
  #checkedMs = Number.NEGATIVE_INFINITY;
  #version: string | null = null;
  #fault: Fault | null = null;

  constructor(directory: string, camera: number) {
    this.#path = faultPath(directory, camera);
  }

  get current(): Fault | null {
    const nowMs = performance.now();
    if (nowMs - this.#checkedMs < freshMs) return this.#fault;
    this.#checkedMs = nowMs;
    const version = this.#stat();
    if (version !== this.#version) this.#fault = version === null ? null : this.#read();
    this.#version = version;
    return this.#fault;
  }

  #stat(): string | null {
    const stat = statSync(this.#path, { throwIfNoEntry: false, bigint: true });
    return stat === undefined ? null : `${stat.ino}:${stat.mtimeNs}`;
  }

  #read(): Fault | null {
    try {
      return JSON.parse(readFileSync(this.#path, "utf8")) as Fault;
    } catch {
      return null; // Removed since it was looked at.
    }
  }
}
