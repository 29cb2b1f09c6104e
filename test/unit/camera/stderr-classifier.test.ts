import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { classifyEnd, classifyLine } from "../../../server/camera/stderr-classifier.js";

const folder = join(import.meta.dirname, "corpus");

/** A log of the corpus; its comments say what it must be taken for, and which words of it the error must keep. */
function readLog(file: string): { code: string; words: string; lines: string[] } {
  const all = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
  const [, code = "", words = ""] = /^# expect (\w+)(?: "(.*)")?$/.exec(all[0] ?? "") ?? [];
  return { code, words, lines: all.filter((line) => !line.startsWith("#")) };
}

describe("classifyEnd", () => {
  it.each(readdirSync(folder))("takes %s for what it is", (file) => {
    const { code, words, lines } = readLog(file);
    const error = classifyEnd(lines.map(classifyLine), { code: 255, signal: null });
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it("names the signal or the exit code where nothing was said", () => {
    expect(classifyEnd([], { code: null, signal: "SIGKILL" }).message).toBe("The camera program ended by SIGKILL.");
    expect(classifyEnd([], { code: 3, signal: null }).message).toBe("The camera program ended with exit code 3.");
  });

  it("puts busy above gone, for it passes by itself", () => {
    expect(classifyEnd([{ kind: "gone" }, { kind: "busy" }], { code: 255, signal: null }).code).toBe("cameraBusy");
  });
});

describe("classifyLine", () => {
  const found = { kind: "found", id: "/base/axi/pcie@1000120000/rp1/i2c@88000/imx708@1a" };

  it.each([
    ["ERROR: Device timeout detected, attempting a restart!!!", { kind: "restarting" }],
    ["Restart already in progress, skipping this request", { kind: "restarting" }],
    [
      "[5:00:54.98] [2324] ERROR RPI pipeline_base.cpp:1424 Camera frontend has timed out!",
      { kind: "frontendTimeout" },
    ],
    ["Received signal 2", { kind: "signalled", signal: 2 }],
    [
      `[0:45:10.19] [1784]  INFO RPI pisp.cpp:1485 Sensor: ${found.id} - Selected sensor format: 1536x864-SBGGR10_1X10/RAW`,
      { ...found, kind: "opened" },
    ],
    [`ERROR: *** failed to acquire camera ${found.id} ***`, { ...found, kind: "busy" }],
    ["[1:12:41.17] [1781]  INFO Camera camera.cpp:1021 Pipeline handler in use by another process", { kind: "busy" }],
    ["No cameras available!", { kind: "gone" }],
    ["Mode selection for 640:480:12:P", { kind: "chatter" }],
    ["", { kind: "chatter" }],
    [
      `[0:01:28.85] [1793]  INFO Camera camera_manager.cpp:223 Adding camera '${found.id}' for pipeline handler rpi`,
      found,
    ],
    [`[0:01:28.85] [1793]  INFO RPI pisp.cpp:1181 Registered camera ${found.id} to CFE device /dev/media0`, found],
  ])("%s", (line, message) => {
    expect(classifyLine(line)).toEqual(message);
  });
});
