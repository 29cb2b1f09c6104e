import { expect, it } from "vitest";
import type { RecordedPart } from "../../../server/recording/messages.js";
import { PartsInFlight } from "../../../server/recording/process/parts-in-flight.js";

const part = (number: number) => ({ startTicks: number * 18_000, ticks: 18_000 }) as RecordedPart;

it("keeps what was not written, in its order, and a minute of it at the most", () => {
  const flight = new PartsInFlight();
  for (let number = 0; number < 10; number++) flight.push(part(number));
  flight.written(3 * 18_000);
  expect(flight.parts[0]).toEqual(part(3));
  flight.written(18_000); // A late answer takes nothing more.
  expect(flight.parts).toHaveLength(7);
  for (let number = 10; number < 400; number++) flight.push(part(number));
  expect(flight.parts).toHaveLength(300);
  expect(flight.parts[0]).toEqual(part(100));
  flight.written(400 * 18_000);
  expect(flight.isEmpty).toBe(true);
});
