import { afterEach, describe, expect, it, vi } from "vitest";
import { leadUntil } from "../../../../web/src/feed/lead.js";

describe("the page that leads", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** A browser that gives the lock whatever the signal says, as one may that had given it already. */
  function giveLocks(): void {
    const request = (_name: string, _options: object, held: () => Promise<void>) => held();
    vi.stubGlobal("navigator", { locks: { request } });
  }

  it("leads until its signal ends it", async () => {
    giveLocks();
    const visit = new AbortController();
    const lead = vi.fn();
    const led = leadUntil(visit.signal, "name", lead);
    expect(lead).toHaveBeenCalledOnce();
    visit.abort();
    await led;
  });

  it("does not begin when the lock comes after the end", async () => {
    giveLocks();
    const visit = new AbortController();
    const lead = vi.fn();
    visit.abort();
    await leadUntil(visit.signal, "name", lead);
    expect(lead).not.toHaveBeenCalled();
  });
});
