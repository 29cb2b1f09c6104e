import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appendPart,
  beginGeneration,
  closeSegment,
  openPlaylist,
  type PlaylistState,
} from "../../../server/hls/playlist.js";
import { decidePart, decideReload } from "../../../server/hls/reload.js";

/** Segment 10 whole, 11 short with two parts, 12 open with `openParts`; parts are numbered from 100. */
function playlist(openParts: number): PlaylistState {
  const start = { mediaSequence: 10, discontinuitySequence: 0, part: 100, ticks: 0, epochMs: 0 };
  let state = openPlaylist(start, { windowSeconds: 10 });
  state = beginGeneration(state, { generation: 1, camera: 0, label: "", init: "init_0.mp4" });
  const append = (count: number) => {
    for (let part = 0; part < count; part++)
      state = appendPart(state, { ticks: 18_000, independent: part === 0 }).state;
  };
  append(5);
  append(2);
  state = closeSegment(state).state;
  append(openParts);
  return state;
}

/** So many whole segments from 10 on, and one part more. */
function beginning(segments: number): PlaylistState {
  const whole = playlist(1);
  return { ...whole, segments: whole.segments.slice(0, segments) };
}

const reload = (msn: string | undefined, part: string | undefined, openParts = 2) =>
  decideReload({ _HLS_msn: msn, _HLS_part: part }, playlist(openParts)).kind;

describe("decideReload", () => {
  test("without directives it answers at once", () => {
    expect(decideReload({}, playlist(0)).kind).toBe("ready");
  });

  test("a channel too young to be played makes wait: those who start for two segments, those who go on for one", () => {
    const [first, second] = [beginning(1), beginning(2)];
    expect(decideReload({}, null).kind).toBe("wait");
    expect(decideReload({}, beginning(0)).kind).toBe("wait");
    expect(decideReload({}, first).kind).toBe("wait");
    expect(decideReload({}, second).kind).toBe("ready");
    expect(decideReload({ _HLS_msn: "9" }, beginning(0)).kind).toBe("wait");
    expect(decideReload({ _HLS_msn: "9" }, first).kind).toBe("ready");
  });

  test.each([
    [undefined, "0"],
    ["-1", undefined],
    ["1.5", undefined],
    ["", undefined],
    ["12", "x"],
    ["12", "-1"],
    ["99999999999999999999", undefined],
  ])("msn %s, part %s is bad", (msn, part) => {
    expect(reload(msn, part)).toBe("bad");
  });

  test("repeated parameters are bad", () => {
    expect(decideReload({ _HLS_msn: ["1", "2"] }, playlist(0)).kind).toBe("bad");
  });

  test("a whole segment is ready once it is closed", () => {
    expect(reload("0", undefined)).toBe("ready");
    expect(reload("11", undefined)).toBe("ready");
    expect(reload("12", undefined)).toBe("wait");
  });

  test("a part is ready once it is there", () => {
    expect(reload("12", "1")).toBe("ready");
    expect(reload("12", "2")).toBe("wait");
    expect(reload("13", "0")).toBe("wait");
    expect(reload("10", "4")).toBe("ready");
  });

  test("a part past the end of a short segment means part 0 of the next", () => {
    expect(reload("11", "2", 0)).toBe("wait");
    expect(reload("11", "4", 0)).toBe("wait");
    expect(reload("11", "2", 1)).toBe("ready");
    expect(reload("10", "7", 0)).toBe("ready");
  });

  test("more than two segments ahead is bad", () => {
    expect(reload("14", undefined)).toBe("wait");
    expect(reload("15", undefined)).toBe("bad");
    expect(reload("13", "0", 0)).toBe("wait");
    expect(reload("14", "0", 0)).toBe("bad");
  });

  test("a channel without a playlist makes wait", () => {
    expect(decideReload({ _HLS_msn: "3" }, null).kind).toBe("wait");
  });

  test("no query whatever is more than one of the three", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (msn, part) => {
        const { kind } = decideReload({ _HLS_msn: msn, _HLS_part: part }, playlist(3));
        expect(["ready", "wait", "bad"]).toContain(kind);
      }),
    );
  });
});

describe("decidePart", () => {
  const state = playlist(2);

  test("published parts may be looked for, the hinted one is waited for, no other will come", () => {
    expect(decidePart("part_108.m4s", state)).toBe("there");
    expect(decidePart("part_109.m4s", state)).toBe("wait");
    expect(decidePart("part_110.m4s", state)).toBe("never");
  });

  test.each(["part_0109.m4s", "part_.m4s", "seg_12.m4s", "../part_109.m4s", "part_109.mp4"])("%s is no part", (uri) => {
    expect(decidePart(uri, state)).toBe("never");
  });

  test("with the hint withdrawn, its name never comes", () => {
    const ended = closeSegment(state).state;
    const other = beginGeneration(ended, { generation: 2, camera: 1, label: "", init: "init_1.mp4" });
    expect(decidePart("part_109.m4s", other)).toBe("there");
    expect(decidePart("part_110.m4s", other)).toBe("never");
    expect(decidePart("part_109.m4s", null)).toBe("never");
  });
});
