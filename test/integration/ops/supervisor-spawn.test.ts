import { afterEach, expect, it } from "vitest";
import { Supervisor } from "../../../server/ops/supervisor.js";
import { until } from "../../support/until.js";

const path = process.env["PATH"];

afterEach(() => {
  process.env["PATH"] = path;
});

/** Says that it serves the page, and crashes. */
const controller = 'process.send("started"); setTimeout(() => process.exit(1), 100);';

it("B3 a controller that cannot be spawned for a while is tried again, for ever", async () => {
  const lines: string[] = [];
  const supervisor = new Supervisor({ args: ["-e", controller], say: (line) => lines.push(line) });
  const told = (what: string): Promise<unknown> => until(what, 20_000, () => lines.some((line) => line.includes(what)));
  const end = supervisor.run();
  await told("it is started again");
  process.env["PATH"] = "/nowhere";
  await told("could not be spawned");
  process.env["PATH"] = path;
  lines.length = 0;
  await told("it is started again");
  supervisor.stop("SIGTERM");
  expect(await end).toBeLessThanOrEqual(1);
});

it("at the first start it is told at once", async () => {
  process.env["PATH"] = "/nowhere";
  await expect(new Supervisor({ args: ["-e", controller], say: () => undefined }).run()).rejects.toThrow();
});
