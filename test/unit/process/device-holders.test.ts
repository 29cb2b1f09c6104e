import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markerVariable } from "../../../server/process/child-records.js";
import { deviceHolders } from "../../../server/process/device-holders.js";
import { cameraBusy } from "../../../server/switch/busy-camera.js";
import { drain } from "../../../server/switch/drain.js";
import { strangerWith } from "../../support/stranger.js";
import { until } from "../../support/until.js";

describe("whoever holds a camera's device", () => {
  let folder: string;
  let device: string;
  const programs: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smart-toggle-holders-"));
    device = join(folder, "v4l-subdev0");
  });

  afterEach(async () => {
    for (const program of programs.splice(0)) {
      program.kill("SIGKILL");
      if (program.exitCode === null && program.signalCode === null) await once(program, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  /** A program that has it open, as our child. */
  function hold(env: NodeJS.ProcessEnv = {}): ChildProcess {
    const file = openSync(device, "a+");
    const program = spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", file], env });
    closeSync(file);
    programs.push(program);
    return program;
  }

  it("is told from our own programs by the mark that these carry", async () => {
    const [own, other] = [hold({ [markerVariable]: "0123456789" }), hold({ OTHER: `${markerVariable}=1` })];
    await until("both run", 5000, async () => (await deviceHolders([device])).holders.length === 2);
    const { holders } = await deviceHolders([device]);
    expect(new Map(holders.map(({ pid, isOurs }) => [pid, isOurs]))).toEqual(
      new Map([
        [own.pid, true],
        [other.pid, false],
      ]),
    );
  });

  it("is named where the camera is busy, if it is none of our own", async () => {
    const own = hold();
    expect((await cameraBusy(1, [device])).message).not.toContain(String(own.pid));
    const stranger = await strangerWith(device);
    try {
      const { code, message } = await cameraBusy(1, [device]);
      expect([code, message]).toEqual([
        "cameraBusy",
        `Camera 1 is held by sleep, process ${stranger.pid}. Stop it, then try again.`,
      ]);
    } finally {
      stranger.end();
    }
  });

  it("is named where the camera is not released, and waited for until then", async () => {
    const holder = hold();
    const request = { camera: 1, paths: [device], timeoutMs: 50 };
    await until("it holds it", 5000, async () => (await deviceHolders([device])).holders.length === 1);
    const message = `Camera 1 is still held by sleep, process ${holder.pid}.`;
    await expect(drain(request)).rejects.toMatchObject({ code: "cameraHeld", message });
    const released = drain({ ...request, timeoutMs: 5000 });
    holder.kill("SIGKILL");
    // Without root nobody can see what others hold.
    expect((await released) ?? "unprovable").toContain("unprovable");
  });
});
