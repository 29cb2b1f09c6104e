import { describe, expect, it } from "vitest";
import { PartQueue, type QueueItem } from "../../../server/recording/channel/part-queue.js";
import type { RecordedPart } from "../../../server/recording/messages.js";

const part = (number: number) => ({ startTicks: number }) as RecordedPart;
const name = (item: QueueItem) => (typeof item === "string" ? item : item.startTicks);

describe("I8 what a channel's recorder has to do", () => {
  it("is done in order, one at a time, and not before its beginning", async () => {
    let begin: () => void = () => undefined;
    const done: (string | number)[] = [];
    let running = 0;
    const queue = new PartQueue({
      begin: new Promise((resolve) => (begin = resolve)),
      act: async (item) => {
        running += 1;
        expect(running).toBe(1);
        await Promise.resolve();
        done.push(name(item));
        running -= 1;
      },
      onDropped: () => undefined,
    });
    for (const item of [part(1), part(2), "off", part(3), "quiet"] as const) queue.add(item);
    await new Promise(setImmediate);
    expect([done, queue.length, queue.isBusy]).toEqual([[], 5, true]);
    begin();
    await queue.settled();
    expect([done, queue.length, queue.isBusy]).toEqual([[1, 2, "off", 3, "quiet"], 0, false]);
  });

  it("is bounded while a disk takes nothing: the oldest parts are given up, an end never is", async () => {
    let go: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (go = resolve));
    const done: (string | number)[] = [];
    let dropped = 0;
    const queue = new PartQueue({
      begin: Promise.resolve(),
      act: async (item) => {
        await stuck;
        done.push(name(item));
      },
      onDropped: () => dropped++,
    });
    queue.add(part(0));
    await new Promise(setImmediate);
    queue.add("off");
    for (let number = 1; number <= 500; number++) queue.add(part(number));
    expect([queue.length, dropped]).toEqual([400, 102]);
    go();
    await queue.settled();
    // The first one was begun before it was given up.
    expect(done.slice(0, 3)).toEqual([0, "off", 102]);
    expect(done.at(-1)).toBe(500);
  });
});
