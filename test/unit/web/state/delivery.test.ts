import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliveries, onStage, otherDelivery, pickDelivery, type Standing } from "../../../../web/src/state/delivery.js";
import { noteServiceTime, serviceTimeAt, type ServiceClock } from "../../../../web/src/state/service-clock.js";

describe("way of the picture", () => {
  it("is the one remembered, else HLS", () => {
    expect(["instant", "hls", "other", null].map(pickDelivery)).toEqual(["instant", "hls", "hls", "hls"]);
  });

  it("stays the former one until the chosen one shows something or fails, and with nothing to show is the chosen one", () => {
    for (const chosen of deliveries) {
      const former = otherDelivery(chosen);
      const after = (of: Standing, before: Standing) => ({ hls: of, instant: of, [former]: before });
      expect(onStage(chosen, after("nothing", "picture"))).toBe(former);
      expect(onStage(chosen, after("picture", "picture"))).toBe(chosen);
      expect(onStage(chosen, after("trouble", "picture"))).toBe(chosen);
      expect(onStage(chosen, after("nothing", "nothing"))).toBe(chosen);
    }
  });
});

describe("clock of the service", () => {
  it("is unknown until the service said it, and a repeated word tells nothing", () => {
    expect(serviceTimeAt(null, 5)).toBeNull();
    const clock = noteServiceTime(null, 1000, 40);
    expect(noteServiceTime(clock, 1000, 9040)).toBe(clock);
    expect(serviceTimeAt(clock, 50)).toBe(1010);
  });

  it("is never ahead of the truth, and no further behind than the shortest way of a message", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 30 }), fc.integer(), (travelMs, aheadMs) => {
        let clock: ServiceClock | null = null;
        travelMs.forEach((travel, second) => {
          clock = noteServiceTime(clock, second * 1000 + aheadMs, second * 1000 + travel);
        });
        expect(serviceTimeAt(clock, 60_000)).toBe(60_000 + aheadMs - Math.min(...travelMs));
      }),
    );
  });

  it("forgets within half a minute how it was before it was set", () => {
    let clock: ServiceClock | null = null;
    for (let second = 0; second < 60; second++) {
      clock = noteServiceTime(clock, second * 1000 - (second < 20 ? 0 : 7_000_000), second * 1000 + 2);
    }
    expect(serviceTimeAt(clock, 60_002)).toBe(60_000 - 7_000_000);
  });
});
