/** What the tests on whole machines and containers share: programs, waiting for facts, steps and their sum. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** Where this machine gets its packages from. Throws where it does not say so. */
export function mirrorOfThisMachine() {
  const files = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"].filter((file) => existsSync(file));
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const mirror = /^(?:URIs:|deb(?: \[.*\])?) *(http\S+)/m.exec(text)?.[1];
  if (mirror === undefined) throw new Error(`No source of packages is named in ${files.join(" or ") || "/etc/apt"}.`);
  return mirror;
}

/** Runs a program to its end; throws with what it said where it fails. */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    ...options,
  });
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(" ")}: ${status}\n${stdout}${stderr}`);
  return stdout?.trim() ?? "";
}

export function readOr(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** All below a process. */
export function childrenOf(pid) {
  const children = readOr(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean);
  return children.flatMap((child) => [child, ...childrenOf(child)]);
}

/** Asks until the answer is neither false nor an error. */
export async function until(what, seconds, ask) {
  const deadlineMs = performance.now() + seconds * 1000;
  for (let said = ""; ;) {
    try {
      const answer = ask();
      if (answer) return answer;
    } catch (error) {
      said = String(error);
    }
    if (performance.now() > deadlineMs) throw new Error(`not within ${seconds} s: ${what} ${said}`);
    await wait(200);
  }
}

export function expect(holds, what) {
  if (!holds) throw new Error(what);
}

/** For `node -e`: a request to the public side, with path, method and body; exit code 1 where the answer is no good one. */
export const get = `const [path, method, body] = process.argv.slice(1);
const init = body ? { method, body, headers: { "Content-Type": "application/json" } } : {};
fetch("http://127.0.0.1:8001" + path, init).then(async (answer) => {
  process.stdout.write(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
});`;

/** One step after the other, by its name; without the first ones there is nothing to look at. */
export async function runSteps(steps, needed) {
  const counts = { passed: 0, failed: 0 };
  for (const [index, [name, step]] of Object.entries(steps).entries()) {
    try {
      const said = await step();
      counts.passed += 1;
      console.log(`ok      ${name}${said ? ` (${said})` : ""}`);
    } catch (error) {
      counts.failed += 1;
      console.log(`FAILED  ${name}: ${error.message}`);
      if (index < needed) break;
    }
  }
  return counts;
}

export function closeWith({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
