import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../../../server/lib/log.js";
import { chooseEncoder, EncoderChoice } from "../../../server/stream/encoder-choice.js";
import { probeEncoder } from "../../../server/stream/encoder-probe.js";
import { vga } from "../../support/encoder-bench.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "encoder-choice-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** An ffmpeg with a hardware encoder; `further` are arguments for what stands behind it. */
function ffmpegWithHardware(...further: readonly string[]): string {
  const program = join(folder, "ffmpeg");
  const script = `#!/bin/bash
args=()
for arg in "$@"; do
  case "$arg" in
    h264_v4l2m2m) args+=(libx264 -preset ultrafast -tune zerolatency ${further.join(" ")}) ;;
    *) args+=("$arg") ;;
  esac
done
exec ffmpeg "\${args[@]}"
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

/** Device files of a machine: some, with or without a video device. */
function devices(...names: readonly string[]): string {
  const path = join(folder, "dev");
  mkdirSync(path);
  for (const name of names) writeFileSync(join(path, name), "");
  return path;
}

const choose = (setting: "auto" | "libx264" | "h264_v4l2m2m", ffmpegProgram = "ffmpeg", path = "/dev") =>
  chooseEncoder({ setting, ffmpegProgram, profile: vga, devices: path });

describe("the encoder that is taken", () => {
  it("is the one that the settings name, untried", async () => {
    expect((await choose("h264_v4l2m2m", "/nowhere/ffmpeg")).taken).toBe("h264_v4l2m2m");
    expect((await choose("libx264", "/nowhere/ffmpeg")).taken).toBe("libx264");
  });

  it("is the hardware's where that encodes a second", async () => {
    const { taken, why } = await choose("auto", ffmpegWithHardware(), devices("null", "video11"));
    expect([taken, why]).toEqual(["h264_v4l2m2m", expect.stringMatching(/encoded a second in \d+ ms/)]);
  });

  it("is libx264 where the hardware's is listed and does not encode", async () => {
    const { taken, why } = await choose("auto", "ffmpeg", devices("video0"));
    expect([taken, why]).toEqual(["libx264", expect.stringContaining("h264_v4l2m2m: Could not find a valid device")]);
  });

  it("is libx264, without a try, where there is no video device", async () => {
    expect(await choose("auto", "/nowhere/ffmpeg", devices("null"))).toEqual({
      taken: "libx264",
      why: "this machine has no video device",
    });
  });
});

describe("a try of an encoder", () => {
  const probe = (ffmpegProgram: string) => probeEncoder({ videoEncoder: "h264_v4l2m2m", profile: vga, ffmpegProgram });

  it("finds that libx264 works", async () => {
    expect(await probeEncoder({ videoEncoder: "libx264", profile: vga, ffmpegProgram: "ffmpeg" })).toMatchObject({
      works: true,
    });
  });

  it("refuses one that makes another size, loses frames or hangs", async () => {
    const small = await probe(ffmpegWithHardware("-s", "320x240"));
    expect(small).toEqual({ works: false, said: "it made 320x240" });
    const short = await probe(ffmpegWithHardware("-frames:v", "20"));
    expect(short.said).toMatch(/of a second it made \d parts/);
    const hanging = join(folder, "hanging");
    writeFileSync(hanging, "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    expect(await probe(hanging)).toEqual({ works: false, said: "a second took more than 4 s" });
    expect((await probe("/nowhere/ffmpeg")).works).toBe(false);
  });
});

describe("a hardware encoder that fails in use", () => {
  it("is not taken again, and that is told once", () => {
    const choice = new EncoderChoice({ taken: "h264_v4l2m2m", why: "the settings say so" }, silentLog);
    const told: string[] = [];
    choice.on("fellBack", (how) => told.push(how));
    choice.failed("libx264", "exit code 1");
    expect(choice.taken).toBe("h264_v4l2m2m");
    choice.failed("h264_v4l2m2m", "exit code 1");
    choice.failed("h264_v4l2m2m", "exit code 1");
    expect([choice.taken, told]).toEqual(["libx264", ["exit code 1"]]);
  });
});
