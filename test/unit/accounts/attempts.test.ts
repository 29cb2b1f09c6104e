import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressGroup, Attempts } from "../../../server/accounts/attempts.js";

const limits = { most: 3, windowMs: 60_000, kept: 4 };

function scene() {
  const clock = { nowMs: 0, monotonicMs: () => clock.nowMs };
  return { clock, attempts: new Attempts(limits, clock) };
}

describe("G5 limits of attempts", () => {
  it("let so many through, then say how long to wait, then begin anew", () => {
    const { clock, attempts } = scene();
    for (let n = 0; n < 3; n++) {
      expect(attempts.waitSeconds("ann")).toBeNull();
      attempts.begin("ann");
      clock.nowMs += 1000;
    }
    expect(attempts.waitSeconds("ann")).toBe(57);
    expect(attempts.waitSeconds("bob")).toBeNull();
    clock.nowMs = 60_000;
    expect(attempts.waitSeconds("ann")).toBeNull();
  });

  it("forgive what failed before one that did not", () => {
    const { attempts } = scene();
    for (let n = 0; n < 3; n++) attempts.begin("ann");
    attempts.forgive("ann");
    expect(attempts.waitSeconds("ann")).toBeNull();
  });

  it("keep no more names than they may, whoever invents them", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        const { attempts } = scene();
        for (const name of names) attempts.begin(name);
        const last = names.slice(-1).flatMap((name) => [name, name]);
        for (const name of last) attempts.begin(name);
        for (const name of last) expect(attempts.waitSeconds(name)).not.toBeNull();
      }),
    );
  });

  it.each([
    ["192.168.1.7", "192.168.1.7"],
    ["::ffff:192.168.1.7", "192.168.1.7"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["unknown", "unknown"],
  ])("count %s as %s", (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
