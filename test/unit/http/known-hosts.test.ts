import { describe, expect, it } from "vitest";
import { KnownHosts, ownNames } from "../../../server/http/known-hosts.js";

describe("known hosts", () => {
  const names = ownNames(["CCTV.example"], "pi.lan", ["192.168.1.5", "fe80::1%eth0", "2001:DB8:0::1"]);

  it.each(["localhost", "127.0.0.1", "[::1]", "pi.lan", "pi", "pi.local", "192.168.1.5", "[fe80::1]", "[2001:db8::1]"])(
    "include %s",
    (name) => {
      expect(names).toContain(name);
    },
  );

  it("include further ones of the settings, in normal form", () => {
    expect(names).toContain("cctv.example");
  });

  it("refuse what only looks like one", () => {
    const hosts = new KnownHosts([], { monotonicMs: () => 0 }, () => ["192.168.1.5"]);
    for (const header of [
      undefined,
      "",
      "evil.example",
      "localhost.evil.example",
      "192.168.1.50",
      "localhost@evil.example",
    ]) {
      expect(hosts.knows(header)).toBe(false);
    }
    expect(hosts.knows("192.168.1.5:8001")).toBe(true);
  });

  it("learn a new address of ours within a second, and forget a lost one when they do", () => {
    let nowMs = 0;
    let address = "10.0.0.1";
    const hosts = new KnownHosts([], { monotonicMs: () => nowMs }, () => [address]);
    expect(hosts.knows("10.0.0.1")).toBe(true);
    address = "10.0.0.2";
    nowMs = 999;
    expect(hosts.knows("10.0.0.2")).toBe(false);
    nowMs = 1000;
    expect(hosts.knows("10.0.0.2")).toBe(true);
    expect(hosts.knows("10.0.0.1")).toBe(false);
  });

  it("do not read the addresses for every stranger", () => {
    let reads = 0;
    const hosts = new KnownHosts([], { monotonicMs: () => 0 }, () => (reads++, []));
    for (let port = 0; port < 1000; port++) hosts.knows(`evil.example:${port}`);
    expect(reads).toBe(1);
  });
});
