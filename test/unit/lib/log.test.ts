import { describe, expect, it } from "vitest";
import { inOneLine } from "../../../server/lib/log.js";

describe("G5 a line of the log", () => {
  it.each([
    ["Front door · 현관 – “yard”", "Front door · 현관 – “yard”"],
    ["a\n2026-11-21T00:00:00Z info  all is well", "a\\u000a2026-11-21T00:00:00Z info  all is well"],
    ["a\r\nb\tc\u0000d", "a\\u000d\\u000ab\\u0009c\\u0000d"],
    ["\u001b[2J\u009b31m", "\\u001b[2J\\u009b31m"],
    ["a\u2028b\u2029c\u202ed", "a\\u2028b\\u2029c\\u202ed"],
  ])("%j stays one line", (text, line) => {
    expect(inOneLine(text)).toBe(line);
  });
});
