import { once } from "node:events";
import { get, type ClientRequest, type IncomingMessage } from "node:http";

export interface SeenFrame {
  readonly camera: number;
  readonly number: number;
  /** As the part says, in milliseconds since the Unix epoch. */
  readonly capturedAt: number;
  /** When its last byte was here. */
  readonly receivedAt: number;
  readonly jpeg: Buffer;
}

export interface ViewerOptions {
  readonly port: number;
  readonly camera?: number | "active";
  /** The address it comes from; all of 127.0.0.0/8 is this machine. */
  readonly localAddress?: string;
  readonly headers?: Record<string, string>;
}

const blankLine = Buffer.from("\r\n\r\n");
const lastBoundary = "--frame--\r\n";

/** One client of an MJPEG stream, as a program would be: it goes by the lengths that the parts state. */
export class MjpegViewer {
  readonly frames: SeenFrame[] = [];
  readonly openedMs = performance.now();
  /** From the request to the first whole frame, in milliseconds; null: none yet. */
  firstFrameMs: number | null = null;
  /** How the stream ended; null while it goes on. */
  end: "clean" | "broken" | null = null;
  readonly #req: ClientRequest;
  readonly #res: IncomingMessage;
  #held = Buffer.alloc(0);

  /** Rejects with the status of anything but a stream. */
  static async open(options: ViewerOptions): Promise<MjpegViewer> {
    const { port, camera = "active", localAddress, headers = {} } = options;
    const path = `/stream?camera=${camera}`;
    const from = localAddress === undefined ? {} : { localAddress };
    const req = get({ host: "127.0.0.1", port, path, agent: false, headers, ...from });
    const [res] = (await once(req, "response")) as [IncomingMessage];
    req.on("error", () => undefined);
    if (res.statusCode !== 200) {
      res.resume();
      throw new Error(`status ${res.statusCode}`);
    }
    return new MjpegViewer(req, res);
  }

  private constructor(req: ClientRequest, res: IncomingMessage) {
    this.#req = req;
    this.#res = res;
    res.on("data", (chunk: Buffer) => {
      this.#read(chunk);
    });
    res.on("error", () => (this.end = "broken"));
    res.on("end", () => (this.end = this.#held.toString("latin1").endsWith(lastBoundary) ? "clean" : "broken"));
  }

  /** From here on it takes so many bytes, and a little, in each such time. */
  readSlowly(bytes: number, everyMs: number): void {
    let taken = 0;
    this.#res.on("data", (chunk: Buffer) => {
      taken += chunk.length;
      if (taken >= bytes) this.#res.pause();
    });
    const timer = setInterval(() => {
      taken = 0;
      this.#res.resume();
    }, everyMs);
    this.#res.once("close", () => {
      clearInterval(timer);
    });
  }

  /** Takes nothing any more, and leaves the connection open. */
  stopReading(): void {
    this.#res.pause();
  }

  close(): void {
    this.#req.destroy();
  }

  /** Numbers that are missing between the first frame and the last. */
  get missing(): number {
    const first = this.frames[0]?.number ?? 0;
    const last = this.frames.at(-1)?.number ?? -1;
    return last - first + 1 - this.frames.length;
  }

  #read(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    for (let head = this.#held.indexOf(blankLine); head >= 0; head = this.#held.indexOf(blankLine)) {
      const text = this.#held.toString("latin1", 0, head);
      const field = (name: string) => Number(new RegExp(`${name}: ([\\d.]+)`).exec(text)?.[1] ?? NaN);
      const [start, length] = [head + blankLine.length, field("Content-Length")];
      if (this.#held.length < start + length) return;
      this.firstFrameMs ??= performance.now() - this.openedMs;
      this.frames.push({
        camera: field("X-Camera"),
        number: field("X-Frame-Number"),
        capturedAt: field("X-Captured-At"),
        receivedAt: performance.timeOrigin + performance.now(),
        jpeg: this.#held.subarray(start, start + length),
      });
      this.#held = this.#held.subarray(start + length);
    }
  }
}
