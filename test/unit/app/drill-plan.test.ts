import { describe, expect, it } from "vitest";
import { drillPlan, type DrillTools } from "../../../server/app/protection/drill-plan.js";
import { silentLog } from "../../../server/lib/log.js";
import type { SwitchState } from "../../../server/switch/machine.js";
import { exampleReceipt } from "../../support/fake-service.js";

const idle = (live: number): SwitchState => ({ kind: "idle", live, sinceMs: 0, attempts: 0 });

/** A switcher that says what was asked of it; `then` is its state when the first switch has ended, null: it never does. */
class FakeSwitcher {
  readonly asked: number[] = [];
  state = idle(0);
  readonly #then: SwitchState | null;

  constructor(then: SwitchState | null) {
    this.#then = then;
  }

  request(to: number): unknown {
    this.asked.push(to);
    if (this.#then === null) return { alreadyLive: false, id: 1, receipt: new Promise(() => undefined) };
    this.state = this.asked.length === 1 ? this.#then : idle(to);
    return { alreadyLive: false, id: 1, receipt: Promise.resolve({ ...exampleReceipt, outcome: "committed" }) };
  }
}

async function switchUnderLoad(switcher: FakeSwitcher, signal = new AbortController().signal): Promise<unknown> {
  const drill = drillPlan.find(({ name }) => name === "switchUnderLoad");
  const tools = { switcher, usable: () => [0, 1], log: silentLog } as unknown as DrillTools;
  return drill?.run(tools, signal);
}

describe("the drill switchUnderLoad", () => {
  it("goes there and back", async () => {
    const switcher = new FakeSwitcher(idle(1));
    await expect(switchUnderLoad(switcher)).resolves.toMatchObject({ kind: "picture" });
    expect(switcher.asked).toEqual([1, 0]);
  });

  it("does not switch back when the cameras are being turned off meanwhile", async () => {
    const switcher = new FakeSwitcher({ kind: "off" });
    await expect(switchUnderLoad(switcher)).rejects.toMatchObject({ code: "superseded" });
    expect(switcher.asked).toEqual([1]);
  });

  it("is broken off at once when the service stops", async () => {
    const closing = new AbortController();
    const end = switchUnderLoad(new FakeSwitcher(null), closing.signal);
    closing.abort();
    await expect(end).rejects.toMatchObject({ name: "AbortError" });
  });
});
