import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clockIsTrusted } from "../../../server/recording/retention/clock-trust.js";
import { DatedClock } from "../../../server/recording/retention/dated-clock.js";

describe("H5 whether the wall clock can be believed", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "trust-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const noFile = () => join(directory, "synchronized");
  const says = (answer: string | null) => () => Promise.resolve(answer);

  it("it is once systemd has set it, and nobody need be asked", async () => {
    writeFileSync(noFile(), "");
    const ask = () => Promise.reject(new Error("asked all the same"));
    expect(await clockIsTrusted(ask, noFile())).toBe(true);
  });

  it.each([
    ["no time server has set it", "no", false],
    ["another program has set it", "yes", true],
    ["nobody can be asked, as in a container", null, true],
  ])("where %s", async (_what, answer, trusted) => {
    expect(await clockIsTrusted(says(answer), noFile())).toBe(trusted);
  });
});

describe("whether a recording is dated", () => {
  let nowMs = 1000;
  let answers: (boolean | Error)[] = [];
  let asked = 0;
  const clock = { monotonicMs: () => nowMs, epochMs: () => 0 };
  const ask = () => {
    const answer = answers[asked++] ?? new Error("asked too often");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };

  beforeEach(() => {
    asked = 0;
  });

  it("waits for the first answer, asks again until the clock is set, and never after that", async () => {
    answers = [false, true];
    const dated = new DatedClock(clock, ask);
    expect(await dated.isSet()).toBe(false);
    expect([await dated.isSet(), asked]).toEqual([false, 1]);
    nowMs += 11_000;
    await dated.isSet();
    expect(await dated.isSet()).toBe(true);
    nowMs += 11_000;
    expect([await dated.isSet(), asked]).toEqual([true, 2]);
  });

  it("is said by the first answer already", async () => {
    answers = [true];
    expect(await new DatedClock(clock, ask).isSet()).toBe(true);
  });

  it("is uncertain where nobody can say", async () => {
    answers = [new Error("no"), true];
    const dated = new DatedClock(clock, ask);
    expect(await dated.isSet()).toBe(false);
  });
});
