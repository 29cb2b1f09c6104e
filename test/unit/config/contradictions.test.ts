import { describe, expect, test } from "vitest";
import { loadFrom, problemsOf } from "../../support/load-settings-from.js";

describe("contradictions", () => {
  test.each<[object, string]>([
    [{ http: { port: 8001 } }, "http.port"],
    [{ nginx: { verifyPort: 8002 } }, "nginx.verifyPort"],
    [{ switch: { deadlineMs: 1500, firstFrameMs: 1000 } }, "switch.deadlineMs"],
    [{ switch: { firstFrameMs: 6000 } }, "switch.firstFrameMs"],
    [{ cameras: { order: ["a", "b", "a"] } }, "cameras.order"],
    [{ cameras: { profiles: { "1": { lensPosition: 2 } } } }, "cameras.profiles.1.lensPosition"],
    [{ paths: { state: "/srv/x/state", live: "/srv/x" } }, "paths.live"],
    [{ paths: { live: "/srv/x" }, recording: { directory: "/srv/x/recordings" } }, "recording.directory"],
  ])("%j", (file, key) => {
    const problems = problemsOf({ file });
    expect(problems.map((problem) => problem.key)).toEqual([key]);
    expect(problems[0]?.fix).not.toBe("");
  });

  test("several are said at once, together with wrong values", () => {
    const keys = problemsOf({
      file: { http: { port: 8001 }, cameras: { order: ["a", "a"] }, log: { level: "loud" } },
    }).map(({ key }) => key);
    expect(keys.sort()).toEqual(["cameras.order", "http.port", "log.level"]);
  });

  test("a value wrong by itself is not held against others", () => {
    expect(problemsOf({ file: { http: { port: 0 }, nginx: { port: 8002 } } }).map(({ key }) => key)).toEqual([
      "http.port",
    ]);
  });

  test("manual focus may have a lens position; similar folders do not contain each other", () => {
    const file = {
      cameras: { profiles: { "1": { lensPosition: 2, focus: "manual" } } },
      paths: { state: "/srv/live-state", live: "/srv/live" },
    };
    expect(loadFrom({ file }).settings.cameras.profiles["1"]?.lensPosition).toBe(2);
  });
});
