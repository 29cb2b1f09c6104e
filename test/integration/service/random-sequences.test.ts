/**
 * Changes of mode, switches and changes of size in any order, most of them before the former one has ended, on the real
 * service. All two hundred sequences: WHOLE=1, some twelve minutes; without it the first six.
 */
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProfilePatch, ReceiptPage, Status } from "../../../server/http/wire.js";
import { Product } from "../../support/product.js";
import { patientProduct } from "../../support/quick-cameras.js";
import { randomNumbers } from "../../support/random.js";
import type { SourceWatch } from "../../support/source-watch.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

const sequences = isWhole ? 200 : 6;
const steps = 7;
const sizes: readonly [ProfilePatch, ...ProfilePatch[]] = [
  { width: 640, height: 480 },
  { width: 320, height: 240 },
];

let product: Product;
let watch: SourceWatch;

beforeAll(async () => {
  product = await Product.start(patientProduct);
  watch = product.watchSources();
});

afterAll(() => product.close());

type Random = () => number;

function choose<One>(random: Random, from: readonly [One, ...One[]]): One {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

/** One request, of which only an answer is wanted, whatever it is: many are refused in passing. */
function ask(random: Random, modes: readonly [string, ...string[]]): Promise<unknown> {
  const camera = random() < 0.5 ? 0 : 1;
  const kind = random();
  if (kind < 0.4) return product.api("/api/switch", { camera });
  if (kind < 0.75) return product.api("/api/mode", { mode: choose(random, modes) }, "PUT");
  return product.api(`/api/cameras/${camera}`, choose(random, sizes), "PATCH");
}

async function play(random: Random, modes: readonly [string, ...string[]]): Promise<void> {
  const asked: Promise<unknown>[] = [];
  for (let step = 0; step < steps; step++) {
    const answer = ask(random, modes);
    asked.push(answer);
    // Now and then to its end, else into the middle of it.
    await (random() < 0.25 ? answer : wait(random() * 400));
  }
  await Promise.all(asked);
}

const wanted = { off: 0, toggle: 1, dual: 2 } as const;

function isSettled({ mode, modeInForce, channels, switch: { kind } }: Status): boolean {
  if (mode === "off") return kind === "off" && watch.sample().length === wanted.off;
  const isFresh = channels.every(({ frameAgeMs, unavailable }) => (frameAgeMs ?? Infinity) < 1000 && !unavailable);
  return kind === "idle" && modeInForce.mode === mode && isFresh && watch.sample().length === wanted[mode];
}

const camerasOf = (moment: string): string[] =>
  moment.split(" | ").map((line) => /--camera (\d)/.exec(line)?.[1] ?? line);

async function expectSettled(seed: number): Promise<void> {
  await until(`all of sequence ${seed} has come to its end`, 40_000, async () => isSettled(await product.status()));
  const { body } = await product.api<ReceiptPage>("/api/switches?limit=50");
  expect(body.receipts.filter(({ outcome }) => outcome === null)).toEqual([]);
}

describe(`I1 I6 over ${sequences} random sequences`, () => {
  test("toggle mode and off: never two sources, never a receipt without an end, always a picture again", async () => {
    for (let seed = 1; seed <= sequences / 2; seed++) {
      await play(randomNumbers(seed), ["toggle", "off", "toggle"]);
      await expectSettled(seed);
    }
    expect(watch.report().violations).toEqual([]);
  }, 900_000);

  test("with dual mode among them: never two sources of one camera, and one source alone in toggle mode", async () => {
    const before = watch.report().violations.length;
    for (let seed = 1001; seed <= 1000 + sequences / 2; seed++) {
      await play(randomNumbers(seed), ["toggle", "dual", "off", "dual"]);
      await expectSettled(seed);
    }
    const doubled = watch.report().violations.slice(before).map(camerasOf);
    expect(doubled.filter((cameras) => new Set(cameras).size < cameras.length)).toEqual([]);
  }, 900_000);
});
