/**
 * A player reduced to its requests: blocking reloads and the parts they name, over one connection that is kept. What it
 * does is what hls.js does; hints are not fetched.
 */
import { Agent, request, type IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

export interface ReceivedPart {
  readonly uri: string;
  /** When the playlist that named it had arrived, and when the part itself had. Milliseconds since the Unix epoch. */
  readonly namedMs: number;
  readonly arrivedMs: number;
}

export interface ClientReport {
  readonly bytes: number;
  readonly failures: readonly string[];
}

/** Where a playlist ends. */
export interface PlaylistEdge {
  readonly sequence: number;
  readonly part: number;
  readonly uris: readonly string[];
}

/** After a failure. */
const retryMs = 200;

const epochNow = (): number => performance.timeOrigin + performance.now();

/** The next part's address in numbers, and all parts that are named. */
export function edgeOf(text: string): PlaylistEdge {
  const lines = text.split("\n");
  const first = Number(/^#EXT-X-MEDIA-SEQUENCE:(\d+)$/m.exec(text)?.[1] ?? 0);
  const closed = lines.filter((line) => line.startsWith("#EXTINF:")).length;
  const lastClosed = lines.findLastIndex((line) => line.startsWith("#EXTINF:"));
  const open = lines.slice(lastClosed + 1).filter((line) => line.startsWith("#EXT-X-PART:")).length;
  const uris = lines.flatMap((line) => /^#EXT-X-PART:.*URI="([^"]+)"/.exec(line)?.[1] ?? []);
  return { sequence: first + closed, part: open, uris };
}

export class LowLatencyClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #playlist: string;
  readonly #onPart: (part: ReceivedPart) => void;
  readonly #failures: string[] = [];
  #bytes = 0;

  readonly #headers: Record<string, string>;

  /** `playlist` is its address; parts are named relative to it. `headers` go with each request: who it is signed in as. */
  constructor(
    playlist: string,
    onPart: (part: ReceivedPart) => void = () => undefined,
    headers: Record<string, string> = {},
  ) {
    this.#playlist = playlist;
    this.#onPart = onPart;
    this.#headers = headers;
  }

  /** Plays until the signal ends it. Never rejects: failures are in the report. */
  async run(signal: AbortSignal): Promise<ClientReport> {
    let edge = await this.#load("", signal);
    // As a player does, it begins at the edge: what the first playlist names is not fetched.
    let known = new Set(edge?.uris);
    while (!signal.aborted) {
      const query: string = edge === null ? "" : `?_HLS_msn=${edge.sequence}&_HLS_part=${edge.part}`;
      const next = await this.#load(query, signal);
      if (next === null) {
        await wait(retryMs, null, { signal }).catch(() => undefined);
        continue;
      }
      const namedMs = epochNow();
      for (const uri of next.uris.filter((one) => !known.has(one))) await this.#fetchPart(uri, namedMs, signal);
      known = new Set(next.uris);
      edge = next;
    }
    this.#agent.destroy();
    return { bytes: this.#bytes, failures: this.#failures };
  }

  async #load(query: string, signal: AbortSignal): Promise<PlaylistEdge | null> {
    const body = await this.#get(`${this.#playlist}${query}`, signal);
    return body === null ? null : edgeOf(body.toString());
  }

  async #fetchPart(uri: string, namedMs: number, signal: AbortSignal): Promise<void> {
    const body = await this.#get(new URL(uri, this.#playlist).href, signal);
    if (body !== null) this.#onPart({ uri, namedMs, arrivedMs: epochNow() });
  }

  async #get(url: string, signal: AbortSignal): Promise<Buffer | null> {
    try {
      const response = await get(url, this.#agent, signal, this.#headers);
      const raw = await collect(response);
      this.#bytes += raw.length;
      if (response.statusCode !== 200) throw new Error(`${response.statusCode ?? 0} ${url}`);
      return response.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
    } catch (error) {
      if (!signal.aborted) this.#failures.push(String(error));
      return null;
    }
  }
}

function get(
  url: string,
  agent: Agent,
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { agent, signal, headers: { ...headers, "Accept-Encoding": "gzip" } }, resolve)
      .on("error", reject)
      .end();
  });
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
