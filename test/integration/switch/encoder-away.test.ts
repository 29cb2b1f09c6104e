/** I7 an encoder that was away for seconds: what is owed is paid with a fresh picture, not with the one before it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { allSegments, partUri, programDateMs, type PlaylistState } from "../../../server/hls/playlist.js";
import { readChannel } from "../../../server/hls/read-channel.js";
import { decodeStrips } from "../../support/decode-strips.js";
import { SwitchRig } from "../../support/switch-rig.js";
import { until } from "../../support/until.js";

/** So few that the clock owes repeats before the next frame comes. */
const fps = 5;
const ticksPerFrame = 90_000 / fps;

interface DatedFrame {
  /** What the channel says of its time. */
  readonly datedMs: number;
  readonly drawnMs: number;
}

/** Every frame in the playlist with its time there and the time at which it was drawn. */
async function datedFrames(directory: string, state: PlaylistState): Promise<DatedFrame[]> {
  const frames: DatedFrame[] = [];
  for (const { init, startTicks, parts } of allSegments(state)) {
    const names = [init, ...parts.map(({ number }) => partUri(number))];
    const data = Buffer.concat(names.map((name) => readFileSync(join(directory, name))));
    const { strips } = await decodeStrips({ from: "pipe:0", data });
    for (const [index, strip] of strips.entries()) {
      if (!strip.valid) continue;
      frames.push({ datedMs: programDateMs(state, startTicks + index * ticksPerFrame), drawnMs: strip.drawnMs });
    }
  }
  return frames;
}

it("I7 pays what is owed after each of four deaths with the newest frame", async () => {
  const rig = await SwitchRig.open({ fps });
  try {
    await rig.switchTo(0);
    await rig.picture(0);
    let killedMs = 0;
    // The second death within half a minute is answered after 0.5 s, the third after 1 s, the fourth after 2 s.
    for (let death = 0; death < 4; death += 1) {
      const pid = await until("an encoder", 10_000, () => rig.encoderPid);
      killedMs = Date.now();
      process.kill(pid, "SIGKILL");
      await until("the next encoder", 10_000, () => rig.encoderPid !== undefined && rig.encoderPid !== pid);
    }
    const frames = await until("a second of media after it", 10_000, async () => {
      const { state } = readChannel(rig.directory);
      const found = await datedFrames(rig.directory, state);
      return found.some(({ drawnMs }) => drawnMs > killedMs + 3000) ? found : null;
    });
    const agesMs = frames.map(({ datedMs, drawnMs }) => datedMs - drawnMs);
    expect(agesMs.length).toBeGreaterThan(10);
    expect(Math.max(...agesMs)).toBeLessThan(800);
  } finally {
    await rig.close();
  }
});
