/**
 * `make test`: every check and test in a row, a table of what each gave, and the closing line `N passed, N failed`.
 * A step that is not made of single tests (the checks, bench, soak) counts as one. What still runs at the end is ended,
 * named, and counts as a failure.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import { setTimeout as delay } from "node:timers/promises";

const results = ".make/results";
/** Temporary files of all tests; also what their processes are recognised by. */
const scratch = mkdtempSync(join(tmpdir(), "smart-toggle-test-"));

const benched = "picture,instant";

/** One group after the other. The steps of a group run at once: together they leave a machine of two cores some rest. */
const groups = [
  [
    { name: "check", command: ["make", "--no-print-directory", "check"] },
    { name: "unit", project: "unit" },
  ],
  [
    { name: "integration", project: "integration" },
    { name: "chaos", command: [process.execPath, "dist/test/chaos/main.js"], env: { SEED: "1", MINUTES: "1.5" } },
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

/** Counts of a vitest run. A run that failed outside its tests (a file that does not load) has one failure at least. */
function countTests(file, code) {
  const report = readReport(file);
  const failed = report.numFailedTests;
  return {
    passed: report.numPassedTests,
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}

/** The first step of a group says what it says at once, the others when they have ended. */
async function runGroup(steps) {
  return Promise.all(
    steps.map(async (step, index) => {
      const kept = [];
      const say = (chunk) => (index === 0 ? process.stdout.write(chunk) : kept.push(chunk));
      say(`\n== ${step.name}\n`);
      const startedMs = performance.now();
      const counts = step.project === undefined ? await runCommand(step, say) : await runVitest(step, say);
      for (const chunk of kept) process.stdout.write(chunk);
      return { name: step.name, ...counts, seconds: (performance.now() - startedMs) / 1000 };
    }),
  );
}

async function runCommand({ command, env }, say) {
  const code = await run(command, env, say);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function runVitest({ project }, say) {
  const file = join(results, `${project}.json`);
  const vitest = [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--project", project];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await run([...vitest, ...reporters], {}, say);
  return countTests(file, code);
}

/** Processes that were started by the tests and live: by their environment, their folder or a file they hold open. */
function leftovers() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => environmentNames(pid) || linksInto(pid))
    .map((pid) => ({ pid: Number(pid), command: commandLine(pid) }));
}

function environmentNames(pid) {
  return readOr(() => readFileSync(`/proc/${pid}/environ`, "latin1").includes(scratch), false);
}

/** NGINX overwrites its environment, but holds its logs open. */
function linksInto(pid) {
  const descriptors = readOr(() => readdirSync(`/proc/${pid}/fd`).map((fd) => `fd/${fd}`), []);
  return ["cwd", ...descriptors].some((link) =>
    readOr(() => readlinkSync(`/proc/${pid}/${link}`).startsWith(scratch), false),
  );
}

function commandLine(pid) {
  return readOr(() => readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim(), "");
}

/** A process can end while it is looked at, or belong to someone else. */
function readOr(read, fallback) {
  try {
    return read();
  } catch {
    return fallback;
  }
}

/** What outlives the tests by three seconds is left over; ends it and returns it. */
async function endLeftovers() {
  const untilMs = performance.now() + 3000;
  while (leftovers().length > 0 && performance.now() < untilMs) await delay(100);
  const found = leftovers();
  for (const { pid } of found) readOr(() => process.kill(pid, "SIGKILL"), false);
  return found;
}

function printTable(rows) {
  console.log(`\n${"step".padEnd(13)}${["passed", "failed", "skipped", "seconds"].map((t) => t.padStart(9)).join("")}`);
  for (const row of rows) {
    const cells = [row.passed, row.failed, row.skipped, row.seconds.toFixed(1)];
    console.log(row.name.padEnd(13) + cells.map((cell) => String(cell).padStart(9)).join(""));
  }
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
const left = await endLeftovers();
rmSync(scratch, { recursive: true, force: true });

printTable(rows);
for (const { pid, command } of left) console.log(`left running by the tests: ${pid} ${command}`);
const passed = rows.reduce((sum, row) => sum + row.passed, 0);
const failed = rows.reduce((sum, row) => sum + row.failed, 0) + left.length + (interrupted ? 1 : 0);
console.log(`${interrupted ? "\nInterrupted.\n" : "\n"}${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
