import fc from "fast-check";
import { expect, test } from "vitest";
import { LineCutter } from "../../../server/process/lines.js";

test("lines are the same however the text was cut into pieces", () => {
  const line = fc.stringMatching(/^[a-zäß€]{1,20}$/);
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(10)), (lines, sizes) => {
      const text = lines.map((each) => `${each}\n`).join("");
      const cutter = new LineCutter();
      const found: string[] = [];
      let at = 0;
      for (const size of sizes) {
        found.push(...cutter.push(text.slice(at, at + size)));
        at += size;
      }
      found.push(...cutter.push(text.slice(at)), ...cutter.end());
      expect(found).toEqual(lines);
    }),
  );
});

test("CR LF and a lone CR end lines, an unfinished one comes at the end", () => {
  const cutter = new LineCutter();
  expect(cutter.push("a\r\nframe=1\rframe=2\rb")).toEqual(["a", "frame=1", "frame=2"]);
  expect(cutter.end()).toEqual(["b"]);
  expect(cutter.end()).toEqual([]);
});

test("a line that never ends takes no more than its share of memory", () => {
  const cutter = new LineCutter();
  for (let i = 0; i < 1000; i++) cutter.push("x".repeat(1000));
  expect(cutter.end()[0]).toHaveLength(4096);
});
