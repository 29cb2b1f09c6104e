import { describe, expect, it } from "vitest";
import { figureGroups, type FigureFacts } from "../../../../web/src/state/figures.js";
import { channel, dictionaries, playing, status } from "../support.js";

const resources = {
  at: 0,
  cpuPercent: 0,
  ownCpuPercent: 3.24,
  memoryPercent: 41,
  ownMemoryBytes: 186_000_000,
  temperatureC: null,
  liveBytes: 1,
  freeDiskBytes: 22_400_000_000,
  memoryBytes: null,
  throttling: null,
  loopDelayMs: null,
  freeLiveBytes: null,
  simulated: [],
  unknown: {},
};
const facts: FigureFacts = { online: true, status: status({ resources }), channel: channel(), player: playing };

describe.each(dictionaries)("figures in %s", (_language, t) => {
  const groups = (part: Partial<FigureFacts> = {}) => figureGroups({ ...facts, ...part }, t);
  const values = (part: Partial<FigureFacts> = {}) =>
    Object.fromEntries(groups(part).flatMap(({ figures }) => figures.map(({ key, value }) => [key, value])));

  it("C2: shows rate, frames, mean size and delay", () => {
    expect(values()).toMatchObject({
      latency: { known: "700 ms" },
      fps: { known: "30.0 fps" },
      frames: { known: "300" },
      frameSize: { known: "31.0 KB" },
    });
  });

  it("tells a known zero from the unknown, which has a reason", () => {
    expect(values()).toMatchObject({ cpu: { known: "0.0 %" }, temperature: { unknown: t.unknownNoSensor } });
    const unmeasured = channel({ fps: null, meanFrameBytes: null });
    expect(values({ channel: unmeasured })).toMatchObject({ fps: { unknown: t.unknownNotMeasured } });
    expect(values({ status: status() })).toMatchObject({ cpu: { unknown: t.unknownNotMeasured } });
  });

  it("says once why a whole group is unknown", () => {
    expect(groups({ online: false }).map(({ absent }) => absent)).toEqual([t.unknownNoAnswer, t.unknownNoAnswer]);
    const off = groups({ channel: channel({ camera: null }) });
    expect(off.map(({ absent }) => absent)).toEqual([t.unknownNoPicture, null]);
  });
});
