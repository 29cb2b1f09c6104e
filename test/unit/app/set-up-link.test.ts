import { describe, expect, it } from "vitest";
import { namesToOpen } from "../../../server/app/set-up-link.js";

describe("the names of the set-up link", () => {
  it.each([
    ["everywhere", "*", ["pi.local", "192.168.1.5"]],
    ["one address", "10.0.0.7", ["10.0.0.7"]],
    ["one address of IPv6", "fd00::7", ["[fd00::7]"]],
    ["this machine alone", "localhost", ["localhost"]],
  ])("are those where it listens: %s", (_, listens, names) => {
    expect(namesToOpen(listens, "pi.example.org", ["192.168.1.5", "172.17.0.1"])).toEqual(names);
  });

  it("are the machine's name alone without a network", () => {
    expect(namesToOpen("*", "pi", [])).toEqual(["pi.local"]);
  });
});
