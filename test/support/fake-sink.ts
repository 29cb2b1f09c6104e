import { EventEmitter } from "node:events";
import type { MjpegSink } from "../../server/live/mjpeg-client.js";

/** An answer whose connection takes what is written only when told so. */
export class FakeSink extends EventEmitter<{ close: [] }> implements MjpegSink {
  readonly socket = null;
  readonly chunks: Buffer[] = [];
  ended = false;
  destroyed = false;
  #waiting: ((error?: Error | null) => void)[] = [];

  write(chunk: Buffer, done?: (error?: Error | null) => void): boolean {
    this.chunks.push(chunk);
    if (done !== undefined) this.#waiting.push(done);
    return false;
  }

  cork(): void {
    // Nothing is sent in any case.
  }

  uncork(): void {
    // Nothing is sent in any case.
  }

  end(chunk: Buffer): this {
    this.chunks.push(chunk);
    this.ended = true;
    return this;
  }

  destroy(): this {
    this.destroyed = true;
    this.emit("close");
    return this;
  }

  /** Takes all that was written so far, or breaks. */
  drain(error?: Error): void {
    for (const done of this.#waiting.splice(0)) done(error);
  }

  text(): string {
    return Buffer.concat(this.chunks).toString("latin1");
  }

  frameNumbers(): number[] {
    return [...this.text().matchAll(/X-Frame-Number: (\d+)/g)].map(([, number]) => Number(number));
  }
}
