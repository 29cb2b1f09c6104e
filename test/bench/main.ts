/**
 * `make bench`: every budget of the first release, with its peers in the same run. Environment: SHORT=1 (everything once
 * and briefly, for the build), ONLY=name (one measurement, or several with commas). Ends with 1 only when a measurement
 * could not be made; a missed budget is a finding, and with STRICT=1 a failure as well.
 */
import { openBrowser } from "../support/browser.js";
import { catalogue } from "./catalogue.js";
import { cost } from "./cost.js";
import { describeMachine, machineLine } from "./machine.js";
import { instant } from "./instant.js";
import type { Measurement } from "./measurement.js";
import { overlay } from "./overlay.js";
import { picture, warm } from "./picture.js";
import { recording } from "./recording.js";
import { recovery } from "./recovery.js";
import { reload } from "./reload.js";
import { signedIn } from "./signed-in.js";
import { tableOf, verdictOf, writeResults, type Measured } from "./report.js";
import { viewers } from "./viewers.js";

const all: readonly Measurement[] = [
  picture,
  warm,
  reload,
  cost,
  overlay,
  recording,
  catalogue,
  recovery,
  viewers,
  signedIn,
  instant,
];

const short = isSet("SHORT");
const chosen = choose(process.env["ONLY"]);

function isSet(name: string): boolean {
  return !["", "0", undefined].includes(process.env[name]);
}

function choose(only: string | undefined): readonly Measurement[] {
  if (only === undefined || only === "") return all;
  const names = only.split(",");
  const unknown = names.filter((name) => all.every((one) => one.name !== name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no measurement ${unknown.join(", ")}; there are ${all.map(({ name }) => name).join(", ")}.`,
    );
  }
  return all.filter(({ name }) => names.includes(name));
}

const machine = describeMachine();
console.log(`${machineLine(machine)}${short ? "; short run: the figures say little" : ""}`);

const browser = await openBrowser();
const rows: Measured[] = [];
const failures: string[] = [];
try {
  for (const measurement of chosen) {
    const startedMs = performance.now();
    try {
      rows.push(...(await measurement.run({ browser, short })));
    } catch (error) {
      failures.push(`${measurement.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    console.log(`${measurement.name}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  }
} finally {
  await browser.close();
}

const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row) }));
const missed = judged.filter(({ verdict }) => verdict?.met === false);
console.log(`\n${tableOf(rows)}\n`);
for (const failure of failures) console.log(`not measured: ${failure}`);
console.log(`${judged.filter(({ verdict }) => verdict?.met === true).length} budgets met, ${missed.length} missed`);
console.log(
  writeResults(short ? "short" : "bench", { at: new Date().toISOString(), short, machine, rows: judged, failures }),
);
process.exitCode = failures.length > 0 || (isSet("STRICT") && missed.length > 0) ? 1 : 0;
