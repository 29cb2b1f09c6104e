import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { packageRoot } from "../../server/lib/package-root.js";

/** Runs a program of clients, `dist/test/bench/NAME.js`, and gives the line of JSON it ends with. */
export async function runLoad<Report>(name: string, args: readonly string[], ms: number): Promise<Report> {
  const program = join(packageRoot, `dist/test/bench/${name}.js`);
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const late = wait(ms + 15_000, null, { ref: false }).then(() => child.kill("SIGKILL"));
  const [code] = (await Promise.race([once(child, "close"), late.then(() => [null])])) as [number | null];
  if (code !== 0) throw new Error(`The clients ended with ${code ?? "a signal"}.`);
  return JSON.parse(Buffer.concat(chunks).toString()) as Report;
}
