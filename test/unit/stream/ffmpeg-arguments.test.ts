import { describe, expect, it } from "vitest";
import { encoderArguments, slateArguments } from "../../../server/stream/ffmpeg-arguments.js";

const profile = { width: 640, height: 480, fps: 30, bitrateKbps: null } as const;

/** The value that follows an option, and whether it stands before the input. */
function option(args: readonly string[], name: string): { value: string | undefined; ofInput: boolean } {
  const at = args.indexOf(name);
  return { value: at < 0 ? undefined : args[at + 1], ofInput: at < args.indexOf("-i") };
}

describe("encoderArguments", () => {
  const args = encoderArguments({ profile, directory: "/run/a b: %/7" });

  it("states the input as measured best: frames with their length, small probe, own rate", () => {
    const input = args.slice(args.indexOf("-f"), args.indexOf("-i") + 2).join(" ");
    expect(input).toBe("-f mpjpeg -probesize 5000 -analyzeduration 0 -fpsprobesize 0 -r 30 -i pipe:0");
    expect(args).not.toContain("nobuffer");
  });

  it("leaves each path one argument, whatever stands in it", () => {
    expect(args.at(-1)).toBe("/run/a b: %/7/list/list.m3u8");
    expect(option(args, "-hls_segment_filename").value).toBe("/run/a b: %/7/p%06d.m4s");
  });

  it.each([
    [null, "1000k"],
    [4321, "4321k"],
  ])("caps the bit rate of profile %s at %s", (bitrateKbps, expected) => {
    const capped = encoderArguments({ profile: { ...profile, bitrateKbps }, directory: "/d" });
    expect(option(capped, "-maxrate")).toEqual({ value: expected, ofInput: false });
  });

  it("gives ffmpeg nothing to read from a terminal", () => {
    expect(args).toContain("-nostdin");
  });
});

describe("slateArguments", () => {
  it("draws each line from its file", () => {
    const line = { textFile: "line0.txt", fontFile: "/f.ttf", sizePx: 20, yPx: 100 };
    const filter = option(slateArguments({ profile, lines: [line, { ...line, textFile: "line1.txt" }] }), "-filter:v");
    expect(filter.value).toContain("drawtext=textfile=line0.txt:expansion=none:fontfile=/f.ttf:fontsize=20");
    expect(filter.value).toContain("drawtext=textfile=line1.txt");
  });

  it("needs no text", () => {
    expect(option(slateArguments({ profile, lines: [] }), "-filter:v").value).not.toContain("drawtext");
  });
});
