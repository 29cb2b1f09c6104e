import { describe, expect, it } from "vitest";
import type { RecordedPart } from "../../../server/recording/messages.js";
import { PendingRequests } from "../../../server/recording/process/pending-requests.js";
import { RecordedChannels } from "../../../server/recording/process/recorded-channels.js";

const part = (number: number, channel = "main") =>
  ({ channel, startTicks: number * 18_000, ticks: 18_000, independent: number % 5 === 0 }) as RecordedPart;
const afterOff = (number: number, channel?: string) => ({ ...part(number, channel), afterOff: true });

describe("E1 what a new recorder process is told", () => {
  it("is every part that no former one has written, and the end of recording where there was one", () => {
    const channels = new RecordedChannels();
    expect(channels.part(part(0))).toBeNull();
    expect([channels.start("main", false), channels.start("main", false)]).toEqual([
      { type: "start", channel: "main" },
      null,
    ]);
    channels.part(part(0));
    channels.part(part(1));
    channels.written("main", 18_000);
    expect(channels.commands).toEqual([
      { type: "start", channel: "main" },
      { type: "part", part: part(1) },
    ]);
    expect([channels.stop("main"), channels.stop("main")]).toEqual([true, false]);
    expect(channels.part(part(2))).toBeNull();
    expect(channels.commands.at(-1)).toEqual({ type: "stop", channel: "main", why: "off" });
    expect(channels.isEmpty).toBe(false);
    channels.written("main", 36_000);
    expect(channels.isEmpty).toBe(true);
  });

  it("is nothing of a channel that was stopped before anything came of it, and all where it is recorded again", () => {
    const channels = new RecordedChannels();
    channels.start("main", false);
    channels.stop("main");
    expect(channels.isEmpty).toBe(true);
    channels.start("main", false);
    channels.part(part(0));
    channels.stop("main");
    expect(channels.start("main", false)).not.toBeNull();
    expect(channels.commands).toEqual([
      { type: "start", channel: "main" },
      { type: "part", part: afterOff(0) },
    ]);
  });

  it("E1 begins after a time of being off where it was stopped, or never recorded by this run; not where it goes on", () => {
    const channels = new RecordedChannels();
    channels.stop("main");
    channels.start("main", false);
    channels.start("cam0", true);
    channels.start("cam1", false);
    // No file begins before a key frame.
    expect([4, 5, 6].map((number) => channels.part(part(number)))).toEqual([afterOff(4), afterOff(5), part(6)]);
    expect(["cam0", "cam1"].map((channel) => channels.part(part(0, channel)))).toEqual([
      afterOff(0, "cam0"),
      part(0, "cam1"),
    ]);
  });

  it("E1 names the part before which it was off, also between parts that no process has written", () => {
    const channels = new RecordedChannels();
    channels.start("main", false);
    for (const number of [0, 1]) channels.part(part(number));
    channels.stop("main");
    channels.start("main", false);
    for (const number of [10, 11]) channels.part(part(number));
    channels.written("main", 18_000);
    const told = channels.commands.flatMap((command) => (command.type === "part" ? [command.part] : []));
    expect(told).toEqual([part(1), afterOff(10), part(11)]);
  });
});

describe("E5 what is told of the runs of the service before", () => {
  const former = [{ part: part(0) }, { written: { channel: "main", endTicks: 18_000 } }, { part: part(1) }];

  it("comes first, ends by itself, and is no recording of this run", () => {
    const channels = new RecordedChannels(former);
    expect([channels.isEmpty, channels.areAllWritten, channels.part(part(2))]).toEqual([false, false, null]);
    channels.start("main", false);
    channels.part(part(2));
    expect(channels.commands).toEqual([
      { type: "start", channel: "main" },
      { type: "part", part: part(1) },
      { type: "stop", channel: "main", why: "restarted" },
      { type: "start", channel: "main" },
      { type: "part", part: part(2) },
    ]);
  });

  it("says nothing of the recording of this run, which began after a time of being off", () => {
    const channels = new RecordedChannels(former);
    channels.start("main", true);
    channels.part(part(10));
    channels.written("main", 2 * 18_000);
    expect(channels.commands.at(-1)).toEqual({ type: "part", part: afterOff(10) });
  });

  it("is over when it is written, while the recording of this run goes on", () => {
    const channels = new RecordedChannels(former);
    channels.start("main", false);
    channels.part(part(2));
    channels.written("main", 2 * 18_000);
    expect(channels.commands).toHaveLength(2);
    expect(channels.areAllWritten).toBe(false);
    channels.written("main", 3 * 18_000);
    expect([channels.areAllWritten, channels.isEmpty]).toEqual([true, false]);
    expect(new RecordedChannels([...former, { written: { channel: "main", endTicks: 36_000 } }]).isEmpty).toBe(true);
  });
});

describe("requests to the recorder", () => {
  it("are answered, be it with an error, and those that nobody waits for are passed over", async () => {
    const pending = new PendingRequests();
    const [one, two] = [pending.add("totals", {}, 1000), pending.add("pin", { id: 1, pinned: true }, 1000)];
    expect(pending.commands).toEqual([one.command, two.command]);
    pending.answer(1, { ok: true, result: 7 });
    pending.answer(2, { ok: false, code: "recordingOpen", message: "in use" });
    pending.answer(3, { ok: true, result: null });
    await expect(one.result).resolves.toBe(7);
    await expect(two.result).rejects.toMatchObject({ code: "recordingOpen", message: "in use" });
    expect(pending.isEmpty).toBe(true);
  });

  it("end when they take too long, and all of them with the process", async () => {
    const pending = new PendingRequests();
    const [late, lost] = [pending.add("totals", {}, 1), pending.add("totals", {}, 10_000)];
    await expect(late.result).rejects.toMatchObject({ code: "recorderAway" });
    pending.rejectAll("The recorder ended.");
    await expect(lost.result).rejects.toMatchObject({ code: "recorderAway", message: "The recorder ended." });
    expect(pending.isEmpty).toBe(true);
  });
});
