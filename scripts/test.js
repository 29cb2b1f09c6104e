/**
 * `make test`: every check and test in a row, a table of what each gave, what failed, and the closing line
 * `N passed, N failed`. A step that is not made of single tests (the checks, bench, soak) counts as one. What still runs at
 * the end is ended, named, and counts as a failure.
 *
 * A few tests that failed beside others are run once more by themselves: the machine's disturbance is told from a defect.
 * What passes then is named as unsteady, so that it is seen and mended.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { endLeftovers } from "./leftovers.js";

const results = ".make/results";
/** Temporary files of all tests; also what their processes are recognised by. */
const scratch = mkdtempSync(join(tmpdir(), "smart-toggle-test-"));
// Some tests run a program as another user, who has to get at his own folder in here.
chmodSync(scratch, 0o711);

const benched = "picture,instant";

/** Files with failures that are run again. More than these at once are no disturbance. */
const mostRepeated = 3;

/**
 * One group after the other. The steps of a group run at once: together they leave a machine of two cores some rest, and one
 * that is `patient` takes no more than that.
 */
const groups = [
  [{ name: "check", command: ["make", "--no-print-directory", "check"] }],
  [
    { name: "integration", project: "integration" },
    { name: "unit", project: "unit", patient: true },
    { name: "chaos", command: [process.execPath, "dist/test/chaos/main.js"], env: { SEED: "1", MINUTES: "2" } },
  ],
  [{ name: "service", project: "service" }],
  [{ name: "alone", project: "alone" }],
  [{ name: "e2e", project: "e2e" }],
  [
    // Whether it measures at all; what it measures of the rest, `make bench SHORT=1` says in two minutes.
    { name: "bench", command: [process.execPath, "dist/test/bench/main.js"], env: { SHORT: "1", ONLY: benched } },
    { name: "soak", command: [process.execPath, "dist/test/soak/main.js"], env: { SHORT: "1" } },
  ],
];

/** The programs that run now, and whether a signal asked for the end: it is passed on, and no step follows. */
const running = new Set();
let interrupted = false;

/** Runs one program to its end; resolves with its exit code, null when a signal ended it. What it says is given to `say`. */
function run([program, ...args], extraEnv, say) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TMPDIR: scratch, ...extraEnv };
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", say);
    child.once("error", reject);
    // A process left over may hold the outputs open for ever: then its last words are not waited for.
    child.once("exit", (code) => {
      running.delete(child);
      const late = setTimeout(resolve, 2000, code);
      child.once("close", () => {
        clearTimeout(late);
        resolve(code);
      });
    });
  });
}

/** What a vitest run found in each of its files. */
function readResults(file, code) {
  const files = readReport(file).testResults.map(({ name, status, message, assertionResults }) => {
    const where = relative(".", name);
    const having = (...wanted) => assertionResults.filter((test) => wanted.includes(test.status));
    const failures = having("failed").map((test) => ({
      where,
      test: test.fullName,
      reason: firstLine(test.failureMessages[0]),
    }));
    // It does not load, or what it does before its tests fails.
    const noTest = { where, test: "the file itself", reason: firstLine(message) };
    if (status === "failed" && failures.length === 0) failures.push(noTest);
    return { where, passed: having("passed").length, skipped: having("pending", "skipped", "todo").length, failures };
  });
  if (code !== 0 && files.every(({ failures }) => failures.length === 0)) files.push(failedAsWhole("vitest", code));
  return files;
}

function failedAsWhole(where, code) {
  return { passed: 0, skipped: 0, failures: [{ where, test: "as a whole", reason: `exit code ${code}, see above` }] };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { testResults: [] };
  }
}

/** Reasons are read at the end of a long log: one line of each has to do. */
function firstLine(text) {
  return String(text ?? "")
    .split("\n", 1)[0]
    .slice(0, 200);
}

/** The first step of a group says what it says at once, the others when they have ended. */
async function runGroup(steps) {
  return Promise.all(
    steps.map(async (step, index) => {
      const kept = [];
      const say = (chunk) => (index === 0 ? process.stdout.write(chunk) : kept.push(chunk));
      say(`\n== ${step.name}\n`);
      const startedMs = performance.now();
      const files = step.project === undefined ? await runCommand(step, say) : await runVitest(step, say);
      for (const chunk of kept) process.stdout.write(chunk);
      return { step, files, seconds: (performance.now() - startedMs) / 1000 };
    }),
  );
}

async function runCommand({ name, command, env }, say) {
  const code = await run(command, env, say);
  return [code === 0 ? { passed: 1, skipped: 0, failures: [] } : failedAsWhole(name, code)];
}

async function runVitest({ project, patient = false }, say, filters = []) {
  const file = join(results, `${project}${filters.length > 0 ? "-again" : ""}.json`);
  rmSync(file, { force: true });
  const vitest = [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--project", project, ...filters];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await run([...(patient ? ["nice", "-n", "19"] : []), ...vitest, ...reporters], {}, say);
  return readResults(file, code);
}

/** Runs the test files of a few failures once more, one after the other on a machine that does nothing else. */
async function repeatFailures(rows) {
  const broken = rows.flatMap(({ step, files }) =>
    files.filter(({ failures }) => failures.length > 0).map((file) => ({ step, files, file })),
  );
  if (broken.length > mostRepeated) return;
  for (const { step, files, file } of broken) {
    // Not a step that is no test, and not a run that failed outside its files.
    if (file.where === undefined || interrupted) continue;
    console.log(`\n== ${step.name}, again by itself: ${file.where}`);
    const [again] = await runVitest(step, (chunk) => process.stdout.write(chunk), [file.where]);
    const passes = again !== undefined && again.where === file.where && again.failures.length === 0;
    if (passes) files[files.indexOf(file)] = { ...again, unsteady: file.failures };
  }
}

function count(files, what) {
  return files.reduce((sum, file) => sum + (what === "failed" ? file.failures.length : file[what]), 0);
}

function printTable(rows) {
  console.log(`\n${"step".padEnd(13)}${["passed", "failed", "skipped", "seconds"].map((t) => t.padStart(9)).join("")}`);
  for (const { step, files, seconds } of rows) {
    const cells = [...["passed", "failed", "skipped"].map((what) => count(files, what)), seconds.toFixed(1)];
    console.log(step.name.padEnd(13) + cells.map((cell) => String(cell).padStart(9)).join(""));
  }
}

function printFailures(title, failures) {
  if (failures.length === 0) return;
  console.log(`\n${title}:`);
  for (const { where, test, reason } of failures) console.log(`  ${where}: ${test}\n    ${reason}`);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill(signal);
  });
}

mkdirSync(results, { recursive: true });
const rows = [];
for (const group of groups) {
  if (!interrupted) rows.push(...(await runGroup(group)));
}
if (!interrupted) await repeatFailures(rows);
const left = await endLeftovers(scratch);
rmSync(scratch, { recursive: true, force: true });

printTable(rows);
for (const { pid, command } of left) console.log(`left running by the tests: ${pid} ${command}`);
const files = rows.flatMap((row) => row.files);
const unsteady = files.flatMap((file) => file.unsteady ?? []);
const failures = files.flatMap((file) => file.failures);
printFailures("unsteady (passed when run again by itself)", unsteady);
printFailures("failed", failures);
const passed = count(files, "passed");
const failed = failures.length + left.length + (interrupted ? 1 : 0);
console.log(`${interrupted ? "\nInterrupted.\n" : "\n"}${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
