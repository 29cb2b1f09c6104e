import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { known, unknown } from "../../../server/lib/measured.js";
import { parseThrottled, withAlarm, type Throttling } from "../../../server/guard/resources/throttling.js";

const corpus = join(import.meta.dirname, "corpus");
const output = (name: string): string => readFileSync(join(corpus, `vcgencmd-${name}.txt`), "latin1");
const flags = (underVoltage = false, frequencyCapped = false, throttled = false, softTemperatureLimit = false) => ({
  ...{ underVoltage, frequencyCapped, throttled, softTemperatureLimit },
});

describe("B1 what vcgencmd says", () => {
  it.each<[string, Throttling, Throttling]>([
    ["calm", flags(), flags()],
    ["under-voltage", flags(true, false, true), flags(true, false, true)],
    ["was-under-voltage", flags(), flags(true, false, true)],
    ["soft-limit", flags(false, false, false, true), flags(false, true, true, true)],
    ["hot", flags(false, true, true, true), flags(false, true, true, true)],
    ["capped", flags(false, true), flags(false, true)],
  ])("%s", (name, now, sinceBoot) => {
    expect(parseThrottled(output(name))).toEqual(known({ now, sinceBoot }));
  });

  it("is the reason, where it is an error", () => {
    const errors = readdirSync(corpus).filter((name) => name.startsWith("vcgencmd-error-"));
    expect(errors.length).toBeGreaterThan(5);
    for (const name of errors) {
      const text = readFileSync(join(corpus, name), "latin1");
      const read = parseThrottled(text);
      expect(read, name).toMatchObject({ known: false });
      const why = read.known ? "" : read.why;
      expect(why, name).toContain(text.trim() === "" ? "nothing" : text.trim().split("\n")[0]);
      expect(why.length, name).toBeLessThan(160);
    }
  });

  it("never throws, and is known only for a hexadecimal number", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseThrottled(text).known).toBe(/^throttled=0x[0-9a-f]{1,8}$/im.test(text.trim()));
      }),
    );
  });
});

describe("the kernel's alarm of the voltage", () => {
  const calm = parseThrottled("throttled=0x0");

  test("adds nothing where there is none", () => {
    expect(withAlarm(calm, null)).toBe(calm);
  });

  test("is a second source: either of the two is enough", () => {
    expect(withAlarm(calm, true)).toEqual(known({ now: flags(true), sinceBoot: flags(true) }));
    const said = parseThrottled("throttled=0x10001");
    expect(withAlarm(said, false)).toEqual(said);
    expect(withAlarm(calm, false)).toEqual(calm);
  });

  test("alone, it leaves all else unknown, and the reason stands", () => {
    const alone = withAlarm(unknown("vcgencmd is missing."), true);
    const nothing = { frequencyCapped: null, throttled: null, softTemperatureLimit: null };
    expect(alone).toEqual({
      known: true,
      value: { now: { underVoltage: true, ...nothing }, sinceBoot: { underVoltage: true, ...nothing } },
      lacks: "Only the voltage is known. vcgencmd is missing.",
    });
    expect(withAlarm(unknown("missing"), false)).toMatchObject({
      value: { now: { underVoltage: false }, sinceBoot: { underVoltage: null } },
    });
  });
});
