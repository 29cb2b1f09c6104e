import { describe, expect, it } from "vitest";
import { Leases, type Lease } from "../../../server/camera/lease.js";

/** Lets every waiter whose turn has come go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function note(order: string[], name: string, lease: Promise<Lease>): void {
  lease.then(
    () => order.push(name),
    (error: unknown) => order.push(`${name} failed: ${(error as Error).message}`),
  );
}

describe("Leases", () => {
  it("gives one camera to one holder at a time, and others beside it (I1)", async () => {
    const leases = new Leases();
    const first = await leases.acquire(0);
    const other = await leases.acquire(1);
    const order: string[] = [];
    note(order, "second", leases.acquire(0));
    await turn();
    expect(order).toEqual([]);
    expect(leases.held).toEqual([0, 1]);
    first.release();
    await turn();
    expect(order).toEqual(["second"]);
    other.release();
  });

  it("gives all cameras only when none is held, and lets nobody pass that waiter", async () => {
    const leases = new Leases();
    const held = await leases.acquire(0);
    const order: string[] = [];
    note(order, "all", leases.acquire("all"));
    note(order, "camera 1", leases.acquire(1));
    await turn();
    expect(order).toEqual([]);
    held.release();
    await turn();
    expect(order).toEqual(["all"]);
    expect(leases.held).toEqual(["all"]);
  });

  it("forgets a waiter whose signal is aborted, and lets those behind it go on", async () => {
    const leases = new Leases();
    await leases.acquire(0);
    const order: string[] = [];
    const abort = new AbortController();
    note(order, "all", leases.acquire("all", abort.signal));
    note(order, "camera 1", leases.acquire(1));
    abort.abort(new Error("enough"));
    await turn();
    expect(order.sort()).toEqual(["all failed: enough", "camera 1"]);
    await expect(leases.acquire(2, abort.signal)).rejects.toThrow("enough");
  });

  it("takes a second release as none", async () => {
    const leases = new Leases();
    const first = await leases.acquire(0);
    first.release();
    await leases.acquire(0);
    first.release();
    expect(leases.held).toEqual([0]);
  });

  it("gives one at once or not at all to who may not wait, and tells that one when others do", async () => {
    const leases = new Leases();
    const camera = await leases.acquire(0);
    const told: string[] = [];
    const tell = () => told.push("wanted");
    expect(leases.tryAcquire("all", tell)).toBeNull();
    camera.release();
    const still = leases.tryAcquire("all", tell);
    const order: string[] = [];
    note(order, "source", leases.acquire(1));
    expect(told).toEqual(["wanted"]);
    expect(leases.tryAcquire(1, tell)).toBeNull();
    still?.release();
    await turn();
    expect(order).toEqual(["source"]);
    // It is over: nobody is told any more.
    note(order, "second", leases.acquire(1));
    expect(told).toEqual(["wanted"]);
  });

  it("lets a holder say later that it would yield, and take that back", async () => {
    const leases = new Leases();
    const told: string[] = [];
    const one = await leases.acquire(0);
    leases.yieldWhenWanted(one, () => told.push("one"));
    const order: string[] = [];
    note(order, "listing", leases.acquire("all"));
    expect(told).toEqual(["one"]);
    one.release();
    await turn();
    expect(order).toEqual(["listing"]);
    // Not held any more: nothing to yield.
    leases.yieldWhenWanted(one, () => told.push("again"));
    const other = new Leases();
    const kept = await other.acquire(1);
    other.yieldWhenWanted(kept, () => told.push("taken back"));
    other.yieldWhenWanted(kept, null);
    note(order, "second", other.acquire(1));
    expect(told).toEqual(["one"]);
  });
});
