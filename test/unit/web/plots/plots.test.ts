import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../../server/config/schema.js";
import { plotPlans } from "../../../../web/src/plots/plots.js";
import { dictionaries, resources, sampleAt } from "../support.js";

const limits = settingsSchema.parse({}).guard;

describe.each(dictionaries)("the plots in %s (B1)", (_language, t) => {
  it("show where the guard acts", () => {
    const lines = plotPlans(resources(), limits, t).map((plan) => plan.lines.map(({ kind, at }) => [kind, at]));
    expect(lines).toEqual([
      [["reduce", 85]],
      [
        ["reduce", 75],
        ["stop", 80],
      ],
      [["reduce", 90]],
    ]);
    expect(plotPlans(resources(), null, t).flatMap((plan) => plan.lines)).toEqual([]);
  });

  it("keep the highest line and the highest value in sight", () => {
    const top = (temperatureC: number) =>
      plotPlans(resources({ temperatureC }), { ...limits, temperatureStopC: 95 }, t)[1]?.range[1] ?? 0;
    expect(top(60)).toBeGreaterThan(95);
    expect(top(104)).toBeGreaterThan(104);
  });

  it("draw our memory as a share of the machine's, unknown while that is", () => {
    const own = (memoryBytes: number | null) => plotPlans(resources({ memoryBytes }), limits, t)[2]?.curves[1];
    const sample = sampleAt(0, { ownMemoryBytes: 200_000_000 });
    expect(own(4_000_000_000)?.of(sample)).toBe(5);
    expect(own(null)?.of(sample)).toBeNull();
  });

  it("say why a figure is unknown, and which one a drill states", () => {
    const said = { temperatureC: null, unknown: { temperatureC: "No thermal zone." }, simulated: ["cpuPercent"] };
    const [cpu, temperature] = plotPlans(resources(said), limits, t);
    expect(temperature?.absent).toEqual({ unknown: t.unknownNoSensor, why: "No thermal zone." });
    expect([cpu?.simulated, temperature?.simulated]).toEqual([true, false]);
    expect(plotPlans(null, limits, t)[0]?.absent.unknown).toBe(t.unknownNotMeasured);
  });
});
