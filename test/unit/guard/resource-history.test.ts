import { expect, test } from "vitest";
import { ResourceHistory } from "../../../server/guard/resources/resource-history.js";
import type { Resources } from "../../../server/guard/resources/resources.js";
import { resourceHistorySchema } from "../../../server/http/wire-protection.js";
import { sampleOf } from "../../support/samples.js";

const at = (n: number): Resources => sampleOf({ at: n, temperatureC: n % 2 === 0 ? 50 : null });

test("B1 the last ten minutes are kept, oldest first, and no more", () => {
  const history = new ResourceHistory();
  expect(history.newest()).toEqual([]);
  for (let n = 1; n <= 3; n++) history.add(at(n));
  expect(history.newest().map((one) => one.at)).toEqual([1, 2, 3]);
  for (let n = 4; n <= 1234; n++) history.add(at(n));
  const kept = history.newest();
  expect(kept).toHaveLength(600);
  expect(kept.map((one) => one.at)).toEqual(Array.from({ length: 600 }, (_, n) => 635 + n));
});

test("as many as are asked for, in the form of the API; unknown stays unknown", () => {
  const history = new ResourceHistory();
  for (let n = 1; n <= 700; n++) history.add(at(n));
  const samples = history.newest(2);
  expect(samples.map((one) => one.at)).toEqual([699, 700]);
  expect(samples.map((one) => one.temperatureC)).toEqual([null, 50]);
  expect(resourceHistorySchema.parse({ intervalMs: 1000, samples })).toEqual({ intervalMs: 1000, samples });
  expect(history.newest(0)).toEqual([]);
  expect(history.newest(5000)).toHaveLength(600);
});
