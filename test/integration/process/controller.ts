import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../../server/lib/package-root.js";

const program = (path: string): string => JSON.stringify(join(packageRoot, "dist/server", path));

export interface Controller {
  /** Numbers of its children, in the order given, once each has written a line to its standard error. */
  readonly pids: Promise<number[]>;
  /** Ends it as a crash of the machine's memory would: at once. */
  readonly kill: () => void;
}

/** A process that keeps these children as the service keeps its own, with their records in a folder where one is given. */
export function spawnController(children: readonly object[], recordsFolder?: string): Controller {
  const script = `
    import { ChildRecords } from ${program("process/child-records.js")};
    import { Child } from ${program("process/child.js")};
    import { silentLog as log } from ${program("lib/log.js")};
    const folder = ${JSON.stringify(recordsFolder ?? null)};
    const records = folder === null ? undefined : new ChildRecords(folder);
    const told = ${JSON.stringify(children)}.map(async (options) => {
      const child = new Child({ ...options, log, records });
      await new Promise((resolve) => child.once("line", resolve));
      return child.pid;
    });
    console.log(JSON.stringify(await Promise.all(told)));
    setInterval(() => undefined, 1000);`;
  const args = ["--input-type=module", "-e", script];
  const controller = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const read = async (): Promise<number[]> => {
    for await (const line of createInterface(controller.stdout)) return JSON.parse(line) as number[];
    throw new Error("The controller ended.");
  };
  return { pids: read(), kill: () => controller.kill("SIGKILL") };
}
