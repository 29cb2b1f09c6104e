import { describe, expect, it } from "vitest";
import { figureGroups, type FigureFacts } from "../../../../web/src/state/figures.js";
import { channel, dictionaries, noThrottling, playing, resources, status } from "../support.js";

const machine = resources({ cpuPercent: 0, ownCpuPercent: 3.24, temperatureC: null });
const facts: FigureFacts = {
  online: true,
  status: status({ resources: machine }),
  channel: channel(),
  player: playing,
  instant: null,
};

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

  it("C2: shows the instant view's own figures while it is on the stage", () => {
    const instant = { fps: 25, frames: 1234, meanBytes: 31_000, latencyMs: 80, dropped: 0 };
    expect(groups({ instant })[0]?.title).toBe(t.figuresInstant);
    const shown = values({ instant });
    expect(shown).toMatchObject({
      instantLatency: { known: "80 ms" },
      instantFps: { known: "25.0 fps" },
      instantSize: { known: "31.0 KB" },
      instantDropped: { known: "0" },
    });
    expect(shown).not.toHaveProperty("latency");
    expect(values({ instant: { ...instant, fps: null } })).toMatchObject({
      instantFps: { unknown: t.unknownNotMeasured },
    });
  });

  it("tells a known zero from the unknown, which has a reason", () => {
    expect(values()).toMatchObject({ cpu: { known: "0.0%" }, temperature: { unknown: t.unknownNoSensor } });
    const unmeasured = channel({ fps: null, meanFrameBytes: null });
    expect(values({ channel: unmeasured })).toMatchObject({ fps: { unknown: t.unknownNotMeasured } });
    expect(values({ status: status() })).toMatchObject({ cpu: { unknown: t.unknownNotMeasured } });
  });

  it("says once why a whole group is unknown", () => {
    expect(groups({ online: false }).map(({ absent }) => absent)).toEqual([t.unknownNoAnswer, t.unknownNoAnswer]);
    const off = groups({ channel: channel({ camera: null }) });
    expect(off.map(({ absent }) => absent)).toEqual([t.unknownNoPicture, null]);
  });

  it("B1: tells a weak supply from heat, now and since the start of the device", () => {
    const weak = { ...noThrottling, underVoltage: true };
    const hot = { ...noThrottling, softTemperatureLimit: true };
    const power = (now: typeof noThrottling, sinceBoot: typeof noThrottling) =>
      values({ status: status({ resources: resources({ throttling: { now, sinceBoot } }) }) });
    expect(power(noThrottling, noThrottling)).toMatchObject({
      power: { known: t.powerGood },
      throttling: { known: t.throttlingNone },
    });
    expect(power(weak, weak)).toMatchObject({ power: { known: t.powerWeakNow } });
    expect(power(noThrottling, weak)).toMatchObject({ power: { known: t.powerWeakBefore } });
    expect(power(hot, hot)).toMatchObject({
      power: { known: t.powerGood },
      throttling: { known: t.throttlingHeat },
    });
    expect(power(noThrottling, hot)).toMatchObject({ throttling: { known: t.throttlingBefore(t.throttlingHeat) } });
  });

  it("B1: a flag that is unknown by itself is unknown, with the service's reason", () => {
    const now = { ...noThrottling, underVoltage: null };
    const unknown = { throttling: "Only the alarm of the kernel." };
    const half = resources({ throttling: { now, sinceBoot: noThrottling }, unknown });
    expect(values({ status: status({ resources: half }) })).toMatchObject({
      power: { unknown: t.unknownNoSensor, why: "Only the alarm of the kernel." },
      throttling: { known: t.throttlingNone },
    });
  });

  it("marks what a drill states, and what somebody should look after", () => {
    const now = { ...noThrottling, underVoltage: true };
    const said = resources({ simulated: ["temperatureC"], throttling: { now, sinceBoot: now } });
    const [, device] = groups({ status: status({ resources: said }) });
    const marked = device?.figures.filter(({ simulated, bad }) => simulated || bad).map(({ key }) => key);
    expect(marked).toEqual(["temperature", "power"]);
  });
});
