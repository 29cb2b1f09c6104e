import { expect, it } from "vitest";
import { ProgressLine } from "../../../server/recording/check/progress-line.js";

function scene(isTTY: boolean) {
  let nowMs = 0;
  let written = "";
  const write = (text: string): void => {
    written += text;
  };
  const line = new ProgressLine({ isTTY, write }, { monotonicMs: () => nowMs, epochMs: () => 0 });
  const show = (done: number, atMs: number): void => {
    nowMs = atMs;
    line.show(done, 900);
  };
  return { show, line, written: () => written };
}

it("says how far a check has come, a few times in a second, and leaves nothing behind", () => {
  const { show, line, written } = scene(true);
  for (const [done, atMs] of [
    [1, 0],
    [2, 100],
    [3, 250],
  ] as const)
    show(done, atMs);
  line.end();
  const anew = "\r\u001b[K";
  expect(written()).toBe(`${anew}1 of 900 recordings read${anew}3 of 900 recordings read${anew}`);
});

it("says nothing where no person looks", () => {
  const { show, line, written } = scene(false);
  show(1, 0);
  line.end();
  expect(written()).toBe("");
});
