import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { until } from "./until.js";

/** A program that has a file open and that no process of ours has started; whoever lets it in ends it. */
export interface Stranger {
  readonly pid: number;
  end(): void;
}

/** `sleep`, by way of a shell that ends: it is left to the first process. */
export async function strangerWith(path: string): Promise<Stranger> {
  const file = openSync(path, "a+");
  const shell = spawn("sh", ["-c", "sleep 60 >&2 & echo $!"], { stdio: ["ignore", "pipe", "ignore", file] });
  closeSync(file);
  const [said] = (await once(shell.stdout ?? shell, "data")) as [Buffer];
  const pid = Number(said.toString());
  await until("the end of its parent", 5000, () => shell.exitCode === 0);
  return {
    pid,
    end: () => {
      process.kill(pid, "SIGKILL");
    },
  };
}
