/**
 * A program: so many MJPEG clients for so long, some of which stop reading after a second, then one line of JSON.
 * Arguments: address of the stream, count, how many of them stop, ms.
 */
import { get, type IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

export interface MjpegLoadReport {
  /** Of the clients that read on. */
  readonly frames: number;
  /** Numbers missing between the first frame and the last of a client, all of them together. */
  readonly missing: number;
  readonly bytes: number;
  /** Clients that got no stream, or whose stream ended, and that read on. */
  readonly lost: number;
  readonly cpuPercent: number;
}

const [url = "", count = "1", stopping = "0", ms = "1000"] = process.argv.slice(2);
const numberHead = Buffer.from("X-Frame-Number: ");
const stopAfterMs = 1000;

/** Counts frames by their numbers and keeps nothing of them. */
class Client {
  frames = 0;
  bytes = 0;
  isLost = false;
  #first = 0;
  #last = -1;
  #carry = Buffer.alloc(0);

  constructor(stops: boolean) {
    const req = get(url, { agent: false }, (res) => {
      this.isLost = res.statusCode !== 200;
      if (stops) setTimeout(() => res.pause(), stopAfterMs);
      this.#read(res);
    });
    req.on("error", () => (this.isLost = true));
  }

  get missing(): number {
    return this.frames === 0 ? 0 : this.#last - this.#first + 1 - this.frames;
  }

  #read(res: IncomingMessage): void {
    res.on("end", () => (this.isLost = true));
    res.on("data", (chunk: Buffer) => {
      this.bytes += chunk.length;
      const data = Buffer.concat([this.#carry, chunk]);
      let from = 0;
      for (let at = data.indexOf(numberHead); at >= 0; at = data.indexOf(numberHead, from)) {
        const end = data.indexOf(13, at);
        if (end < 0) break;
        this.#note(Number(data.toString("latin1", at + numberHead.length, end)));
        from = end;
      }
      // A head may be cut anywhere; what was counted is not looked at again.
      this.#carry = data.subarray(Math.max(from, data.length - 64));
    });
  }

  #note(number: number): void {
    if (this.frames === 0) this.#first = number;
    this.#last = number;
    this.frames += 1;
  }
}

const stops = Number(stopping);
const clients = Array.from({ length: Number(count) }, (_, place) => new Client(place < stops));
await wait(Number(ms));
const reading = clients.slice(stops);
const sum = (of: (client: Client) => number): number => reading.reduce((total, client) => total + of(client), 0);
const { user, system } = process.cpuUsage();
const report: MjpegLoadReport = {
  frames: sum(({ frames }) => frames),
  missing: sum(({ missing }) => missing),
  bytes: sum(({ bytes }) => bytes),
  lost: reading.filter(({ isLost }) => isLost).length,
  cpuPercent: (user + system) / 1000 / (performance.now() / 100),
};
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
