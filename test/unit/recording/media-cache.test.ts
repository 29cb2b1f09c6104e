import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MediaCache } from "../../../server/recording/playback/media-cache.js";

/** Longer than a file is safe after it was asked for. */
const afterGraceMs = 11_000;

describe("files made for players", () => {
  let directory: string;
  let nowMs: number;
  let cache: MediaCache;
  const clock = { monotonicMs: () => nowMs, epochMs: () => nowMs };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "cache-"));
    nowMs = 1_000_000;
    cache = await MediaCache.open({ directory, maxBytes: 100, concurrency: 2, clock });
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const bytes = (size: number) => () => Promise.resolve(Buffer.alloc(size, 1));
  const names = () => readdirSync(directory).sort();

  it("are made once, however many ask for one at the same time, and lie there whole", async () => {
    let made = 0;
    const make = () => {
      made++;
      return Promise.resolve(Buffer.from("media"));
    };
    const paths = await Promise.all([cache.get("1-0", make), cache.get("1-0", make), cache.get("1-0", make)]);
    expect(await cache.get("1-0", make)).toBe(paths[0]);
    expect([made, readFileSync(paths[0], "utf8"), names()]).toEqual([1, "media", ["1-0"]]);
  });

  it("are tried again after a failure, which all who asked are told", async () => {
    const fail = () => Promise.reject(new Error("gone"));
    const asked = await Promise.allSettled([cache.get("1-0", fail), cache.get("1-0", fail)]);
    expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await cache.get("1-0", bytes(10));
    expect(cache.bytes).toBe(10);
  });

  it("leave nothing behind where they cannot be written", async () => {
    mkdirSync(join(directory, "1-0"));
    await expect(cache.get("1-0", bytes(10))).rejects.toThrow("EISDIR");
    expect([names(), cache.bytes]).toEqual([["1-0"], 0]);
  });

  it("go when there is no room, the one that nobody asked for longest first", async () => {
    await cache.get("a", bytes(40));
    await cache.get("b", bytes(40));
    nowMs += afterGraceMs;
    await cache.get("a", bytes(40));
    nowMs += afterGraceMs;
    await cache.get("c", bytes(40));
    expect([names(), cache.bytes]).toEqual([["a", "c"], 80]);
  });

  it("stay for some seconds after somebody asked, beyond the bound, and twice the bound is the end", async () => {
    for (const name of ["a", "b"]) await cache.get(name, bytes(50));
    nowMs += afterGraceMs;
    for (const name of ["a", "b", "c", "d"]) await cache.get(name, bytes(50));
    expect(names()).toEqual(["a", "b", "c", "d"]);
    await expect(cache.get("e", bytes(50))).rejects.toMatchObject({ code: "tooManyClients" });
    nowMs += afterGraceMs;
    await cache.get("e", bytes(50));
    expect(cache.bytes).toBeLessThanOrEqual(100);
  });

  it("are made two at a time; more wait in their order, and a crowd is refused", async () => {
    const finish: (() => void)[] = [];
    const begun: string[] = [];
    const slow = (name: string) => () => {
      begun.push(name);
      return new Promise<Buffer>((resolve) =>
        finish.push(() => {
          resolve(Buffer.alloc(1));
        }),
      );
    };
    const all = Array.from({ length: 34 }, (_, index) => cache.get(`${index}`, slow(`${index}`)));
    await expect(cache.get("crowd", slow("crowd"))).rejects.toMatchObject({ code: "tooManyClients" });
    expect(begun).toEqual(["0", "1"]);
    for (let done = 0; done < all.length; done++) {
      await expect.poll(() => finish.length).toBeGreaterThan(done);
      finish[done]?.();
    }
    await Promise.all(all);
    expect(begun).toEqual(all.map((_, index) => `${index}`));
  });

  it("of a recording that is gone are forgotten, and those of others are not", async () => {
    for (const name of ["1-0", "1-1", "11-0"]) await cache.get(name, bytes(10));
    await cache.forget("1-");
    expect([names(), cache.bytes]).toEqual([["11-0"], 10]);
  });

  it("of a former run are no use to this one, and this one's go with it", async () => {
    writeFileSync(join(directory, "old"), "old");
    const next = await MediaCache.open({ directory, maxBytes: 100, concurrency: 1, clock });
    expect(names()).toEqual([]);
    await next.close();
    expect(existsSync(directory)).toBe(false);
  });
});
