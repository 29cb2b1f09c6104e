import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { browserProgram } from "../support/browser.js";

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly node: string;
  readonly ffmpeg: string;
  readonly nginx: string;
  readonly chromium: string;
}

/** First version number that a program tells of itself. */
function versionOf(program: string, flag: string): string {
  const { stdout, stderr } = spawnSync(program, [flag], { encoding: "utf8" });
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? "unknown";
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model ?? "unknown",
    node: process.versions.node,
    ffmpeg: versionOf("ffmpeg", "-version"),
    nginx: versionOf("nginx", "-v"),
    chromium: versionOf(browserProgram(), "--version"),
  };
}

export function machineLine({ cores, cpu, node, ffmpeg, nginx, chromium }: Machine): string {
  return `${cores} cores of ${cpu}; Node ${node}, ffmpeg ${ffmpeg}, NGINX ${nginx}, Chromium ${chromium}`;
}
