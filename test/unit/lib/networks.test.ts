import { describe, expect, it } from "vitest";
import { networkOf, Networks, networkText, plainAddress } from "../../../server/lib/networks.js";

describe("G5 networks", () => {
  it.each([
    "",
    "x",
    "10.0.0.0/33",
    "10.0.0.256",
    "::/129",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8;deny all",
    "10.0.0.0/8 1;}",
    "localhost",
    "1.2.3",
    "010.0.0.1",
    "::ffff:10.0.0.0/8",
    "10.0.0.0/255.0.0.0",
  ])("are not %j", (text) => {
    expect(networkOf(text)).toBeNull();
  });

  it.each([
    ["192.168.1.7", "192.168.1.7/32"],
    ["192.168.1.0/24", "192.168.1.0/24"],
    ["fd00::/8", "fd00::/8"],
    ["FD00:0:0:0::1", "fd00::1/128"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["::ffff:a00:1", "10.0.0.1/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
  ])("are %s as %s", (text, written) => {
    const network = networkOf(text);
    expect(network === null ? null : networkText(network)).toBe(written);
  });

  it.each([
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["0:0:0:0:0:FFFF:10.1.2.3", "10.1.2.3"],
    ["::ffff:a01:203", "10.1.2.3"],
    ["fe80::1%eth0", "fe80::1"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["unknown", null],
    ["", null],
  ])("know %s as %s", (text, plain) => {
    expect(plainAddress(text)).toBe(plain);
  });

  it.each([
    ["192.168.1.0/24", "192.168.1.7", true],
    ["192.168.1.9/24", "192.168.1.7", true],
    ["192.168.1.0/24", "192.168.2.7", false],
    ["192.168.1.0/24", "::ffff:192.168.1.7", true],
    ["192.168.1.0/24", "::ffff:c0a8:107", true],
    ["192.168.1.0/24", "::ffff:192.168.2.7", false],
    ["::ffff:192.168.1.0/120", "192.168.1.7", true],
    ["192.168.1.7", "192.168.1.7", true],
    ["192.168.1.7", "192.168.1.8", false],
    ["0.0.0.0/0", "8.8.8.8", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "2001:db8::1", true],
    ["::/0", "8.8.8.8", false],
    ["fd00::/8", "fd12::1", true],
    ["fd00::/8", "2001:db8::1", false],
    ["fe80::/10", "fe80::1%eth0", true],
    ["10.0.0.0/8", "unknown", false],
    ["10.0.0.0/8", "", false],
  ])("%s: %s", (network, address, within) => {
    expect(new Networks([network]).has(address)).toBe(within);
  });
});
