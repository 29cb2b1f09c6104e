import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PlayerPage } from "../support/player-page.js";
import { Scene } from "../support/scene.js";
import { SimulatedPi } from "../support/simulated-pi.js";

const named = (id: string) => `[data-testid=${id}]`;
const backMs = 30_000;

describe("what a person sees of protection", () => {
  const pi = new SimulatedPi();
  const refused: string[] = [];
  let scene: Scene;
  let page: PlayerPage;

  beforeAll(async () => {
    const hasty = { stepSeconds: 2, stopSeconds: 1, backSeconds: 3 };
    scene = await Scene.open({ settings: { guard: { ...pi.guard, ...hasty } } });
    page = await scene.openPage();
    page.page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) refused.push(message.text());
    });
    await page.waitForCamera(0);
  });

  afterAll(async () => {
    await scene.close();
    pi.close();
  });

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      console.log(scene.product.logTail(60));
    });
  });

  it("B1: the figures of the last minutes are drawn, and said to those who hear the page", async () => {
    await page.page.waitForSelector(`${named("curve-temperature")} canvas`);
    for (const figure of ["cpu", "temperature", "memory"]) {
      const words = await page.page.getAttribute(named(`curve-${figure}`), "aria-label");
      expect(words, figure).toMatch(/over the last 10 minutes: now [\d.]+/);
    }
    expect(await page.page.textContent(named("figure-power"))).toBe("Good");
    expect(refused).toEqual([]);
  });

  it("B1: under-voltage is told from heat, with what to do about it", async () => {
    pi.throttled({ underVoltage: true });
    const warning = page.page.locator(`${named("warnings")} [data-code=underVoltage]`);
    await warning.waitFor({ timeout: backMs });
    expect(await warning.textContent()).toContain("This is not heat.");
    expect(await page.page.getAttribute(named("guard-badge"), "data-level")).toBe("normal");
    pi.throttled({});
  });

  it("B2: heat makes the picture lighter, then stops it; it comes back in the same player", async () => {
    pi.temperature(77);
    const banner = page.page.locator(named("guard-banner"));
    await banner.waitFor({ timeout: backMs });
    expect((await banner.textContent())?.replaceAll("\u00a0", " ")).toContain("77.0 °C, limit 75.0 °C");
    pi.temperature(84);
    await page.page.waitForSelector(`${named("cover")}[data-kind=stopped]`, { timeout: backMs });
    expect(await page.page.isDisabled(named("camera-1"))).toBe(true);
    expect(await page.page.isDisabled(named("drills-start"))).toBe(true);
    pi.temperature(50);
    await page.page.waitForSelector(`${named("guard-badge")}[data-level=normal]`, { timeout: 2 * backMs });
    await page.page.waitForSelector(`${named("badge")}[data-state=live]`, { timeout: backMs });
    await page.waitForCamera(0, backMs);
    await page.page.waitForSelector(`${named("event-list")} [data-code=guardStopped]`);
    expect(await page.facts()).toMatchObject({ videos: 1, loads: 1, errors: [] });
  });

  it("runs the drills that somebody chose, and keeps their results in sight", async () => {
    await page.click(named("drills-start"));
    for (const drill of ["killSource", "switchUnderLoad", "freezeSource", "overheat"]) {
      await page.click(named(`drill-${drill}`));
    }
    await page.click(named("drill-begin"));
    await page.page.waitForSelector("[data-drill=killEncoder][data-outcome=passed]", { timeout: backMs });
    expect(await page.page.locator(".drill-result").count()).toBe(1);
    await page.page.waitForSelector(`${named("event-list")} [data-code=encoderFailed]`);
    expect(await page.facts()).toMatchObject({ videos: 1, loads: 1, errors: [] });
  });
});
