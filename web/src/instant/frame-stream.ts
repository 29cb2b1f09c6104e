import { errorOf } from "../state/api.js";
import type { Refusal } from "./machine.js";
import { PartReader, type StreamPart } from "./part-reader.js";

export interface FrameStreamListener {
  onPart(part: StreamPart): void;
  onRefused(refusal: Refusal): void;
  /** It is over, whatever the reason; not called after an abort of ours. */
  onEnded(): void;
}

/** The longest that the service may take to say whether it has a fresh frame. */
const askLimitMs = 2000;

/** Reads the multipart stream at `url` until it ends, or until `signal` ends it. Never throws. */
export async function readFrames(url: string, signal: AbortSignal, listener: FrameStreamListener): Promise<void> {
  try {
    const response = await fetch(url, { cache: "no-store", signal });
    if (response.ok && response.body !== null) {
      await readBody(response.body, boundaryOf(response), listener);
    } else {
      const { code, message, holders } = await errorOf(response);
      if (isFinal(response.status, code)) {
        if (!signal.aborted) listener.onRefused({ code, message, holders });
        return;
      }
    }
  } catch {
    // A broken connection: it is over like any other.
  }
  if (!signal.aborted) listener.onEnded();
}

/** Whether the service has a fresh frame for such a stream (HEAD). Never throws. */
export async function askForFrame(url: string, signal: AbortSignal): Promise<"fresh" | "none" | "unreachable"> {
  const limit = new AbortController();
  const give = () => {
    limit.abort();
  };
  const timer = setTimeout(give, askLimitMs);
  signal.addEventListener("abort", give);
  try {
    const { ok, headers } = await fetch(url, { method: "HEAD", cache: "no-store", signal: limit.signal });
    if (ok) return "fresh";
    return headers.has("x-problem") ? "none" : "unreachable";
  } catch {
    return "unreachable";
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", give);
  }
}

/** 4xx: the same question would get the same answer. What is 5xx passes by itself; the guard takes its time, though. */
const isFinal = (status: number, code: string): boolean => (status >= 400 && status < 500) || code === "mjpegOff";

async function readBody(body: ReadableStream<Uint8Array>, boundary: string, listener: FrameStreamListener) {
  const parts = new PartReader(boundary);
  const bytes = body.getReader();
  for (;;) {
    const { done, value } = await bytes.read();
    if (done) return;
    for (const part of parts.push(value)) listener.onPart(part);
  }
}

function boundaryOf(response: Response): string {
  const named = /boundary="?([^";]+)/.exec(response.headers.get("content-type") ?? "");
  return named?.[1] ?? "frame";
}
