import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { endMs, MjpegClient, stuckMs } from "../../../server/live/mjpeg-client.js";
import { makePart, type MjpegPart } from "../../../server/live/mjpeg-part.js";
import { FakeSink } from "../../support/fake-sink.js";

const part = (number: number, bytes = 1000): MjpegPart =>
  makePart({ jpeg: Buffer.alloc(bytes, number), camera: 0, number, arrivedMs: 0 }, 1_700_000_000_000);
const most = 512 * 1024;

describe("MjpegClient", () => {
  let sink: FakeSink;
  let nowMs: number;
  let client: MjpegClient;
  /** What the kernel says; null: nothing. */
  let backlog: number | null;
  /** And after so long. */
  let answerMs: number;

  beforeEach(() => {
    vi.useFakeTimers();
    sink = new FakeSink();
    nowMs = 0;
    backlog = null;
    answerMs = 0;
    client = newClient(sink);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const newClient = (own: FakeSink) =>
    new MjpegClient(
      own,
      () => nowMs,
      async () => {
        if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
        return backlog;
      },
    );
  /** Frames of 31 KB, as of 640x480, and a kernel that takes each at once. */
  const offer = async (first: number, last: number) => {
    for (let number = first; number <= last; number++) {
      client.offer(part(number, 31_000), most);
      sink.drain();
      await vi.advanceTimersByTimeAsync(0);
    }
  };

  it("writes a frame with its headers and the boundary behind it, and copies nothing", () => {
    const only = part(7);
    client.offer(only, most);
    expect(sink.text()).toBe(
      "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\nX-Camera: 0\r\nX-Frame-Number: 7\r\n" +
        `X-Captured-At: 1700000000000.0\r\n\r\n${"\u0007".repeat(1000)}\r\n--frame\r\n`,
    );
    expect(sink.chunks[2]).toBe(only.jpeg);
    expect(client).toMatchObject({ frames: 1, dropped: 0, bytes: only.bytes });
  });

  it("keeps the newest frame alone for a slow viewer, and drops whole ones", () => {
    for (let number = 1; number <= 5; number++) client.offer(part(number), most);
    expect(sink.frameNumbers()).toEqual([1]);
    expect(client.dropped).toBe(3);
    sink.drain();
    expect(sink.frameNumbers()).toEqual([1, 5]);
    sink.drain();
    client.offer(part(6), most);
    expect(sink.frameNumbers()).toEqual([1, 5, 6]);
  });

  it("lets no more wait than it may", () => {
    client.offer(part(1, 400_000), most);
    client.offer(part(2, 200_000), most);
    expect(client).toMatchObject({ dropped: 1, waitingBytes: part(1, 400_000).bytes });
  });

  it("is stuck when it has taken nothing for twenty seconds, and not when it takes slowly", () => {
    client.offer(part(1), most);
    client.offer(part(2), most);
    nowMs = stuckMs - 1;
    expect(client.isStuck(nowMs)).toBe(false);
    expect(client.isStuck(stuckMs)).toBe(true);
    sink.drain();
    expect(client.isStuck(stuckMs)).toBe(false);
  });

  it("gives no frame to a kernel that has not passed on the last ones, and then the newest alone", async () => {
    backlog = 150_000;
    await offer(1, 20);
    expect(sink.frameNumbers()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(client.waitingBytes).toBe(part(20, 31_000).bytes);
    backlog = 100_000;
    await vi.advanceTimersByTimeAsync(500);
    expect(sink.frameNumbers()).toEqual([1, 2, 3, 4, 5, 6, 20]);
    expect([client.frames, client.dropped]).toEqual([7, 13]);
  });

  it("waits for no answer of the kernel that takes as long as a few frames", async () => {
    backlog = 0;
    answerMs = 200;
    for (let number = 1; number <= 60; number++) {
      await offer(number, number);
      await vi.advanceTimersByTimeAsync(33);
    }
    expect([client.frames, client.dropped]).toEqual([60, 0]);
  });

  it("gives every frame where the kernel has passed them on, and where it does not tell", async () => {
    backlog = 0;
    await offer(1, 20);
    backlog = null;
    await offer(21, 40);
    expect([client.frames, client.dropped]).toEqual([40, 0]);
  });

  it("goes on holding for who was behind while the kernel does not tell, for a second", async () => {
    backlog = 180_000;
    await offer(1, 7);
    backlog = null;
    nowMs = 900;
    await vi.advanceTimersByTimeAsync(500);
    expect(client.frames).toBe(6);
    nowMs = 1000;
    await vi.advanceTimersByTimeAsync(500);
    expect(client.frames).toBe(7);
  });

  it("is not stuck while the kernel passes on a little, and is when it passes on nothing", async () => {
    backlog = 180_000;
    await offer(1, 7);
    for (nowMs = 0; nowMs < 60_000; nowMs += 10_000) {
      backlog -= 1000;
      await vi.advanceTimersByTimeAsync(500);
      expect(client.isStuck(nowMs)).toBe(false);
    }
    nowMs += stuckMs;
    await vi.advanceTimersByTimeAsync(500);
    expect(client.isStuck(nowMs)).toBe(true);
  });

  it("asks nobody about a connection that is closed", async () => {
    backlog = 2_000_000;
    await offer(1, 6);
    expect(vi.getTimerCount()).toBe(1);
    sink.emit("close");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends behind the frame that is being written, and gives nothing after", () => {
    client.offer(part(1), most);
    client.offer(part(2), most);
    client.end();
    client.offer(part(3), most);
    sink.drain();
    expect(sink.frameNumbers()).toEqual([1]);
    expect(sink.text().endsWith("\r\n--frame\r\n--frame--\r\n")).toBe(true);
    expect(sink.ended).toBe(true);
  });

  it("is ended by force when nobody takes its end, and leaves no timer behind when somebody does", () => {
    client.end();
    vi.advanceTimersByTime(endMs);
    expect(sink.destroyed).toBe(true);
    const other = new FakeSink();
    newClient(other).end();
    other.emit("close");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("writes nothing into a broken connection", () => {
    client.offer(part(1), most);
    client.offer(part(2), most);
    sink.drain(new Error("EPIPE"));
    expect(sink.frameNumbers()).toEqual([1]);
  });

  it("gives frames in order, whole, each once, and never holds more than its limit (property)", () => {
    const steps = fc.array(fc.oneof(fc.constant("drain" as const), fc.integer({ min: 1, max: 400_000 })));
    fc.assert(
      fc.property(steps, (events) => {
        const own = new FakeSink();
        const viewer = newClient(own);
        let number = 0;
        for (const event of events) {
          if (event === "drain") own.drain();
          else viewer.offer(part(++number, event), most);
          expect(viewer.waitingBytes).toBeLessThanOrEqual(most);
        }
        const given = own.frameNumbers();
        expect(given).toEqual([...new Set(given)].sort((one, other) => one - other));
        expect(viewer.frames).toBe(given.length);
        expect(number - viewer.frames - viewer.dropped).toBeLessThanOrEqual(1);
      }),
    );
  });
});
