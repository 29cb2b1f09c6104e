import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChannelMedia } from "../../../server/app/media.js";
import type { Channel } from "../../../server/stream/channel.js";
import type { Rest } from "../../../server/switch/rest.js";

const resting = { code: "resting", message: "The cameras rest until somebody watches." };

describe("who asks for the playlist of cameras that rest", () => {
  let holds: number;
  let media: ChannelMedia;
  const gone = new AbortController();

  beforeEach(() => {
    vi.useFakeTimers();
    holds = 0;
    const channel = { name: "main", unavailable: resting, on: () => channel, off: () => channel };
    const keepAwake = () => {
      holds += 1;
      return () => (holds -= 1);
    };
    const rest = { keepAwake };
    media = new ChannelMedia([channel as unknown as Channel], rest as unknown as Rest);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("is answered before NGINX takes the controller for dead, also where the camera takes its time (H4)", async () => {
    let answer: unknown = null;
    void Promise.resolve(media.playlist("main", {}, gone.signal)).then((end) => (answer = end));
    await vi.advanceTimersByTimeAsync(4000);
    expect([holds, answer]).toEqual([1, null]);
    await vi.advanceTimersByTimeAsync(900);
    expect(answer).toEqual({ kind: "unavailable", reason: resting, retryAfterSeconds: 2 });
    expect([holds, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
