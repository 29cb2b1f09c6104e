import { readFileSync, readlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Product } from "../support/product.js";

/** Process numbers of a running product by what they do. */
export interface Roles {
  readonly controller: number;
  readonly recorder: number;
  readonly cameras: readonly number[];
  readonly encoders: readonly number[];
  readonly nginx: readonly number[];
}

export function rolesOf(product: Product): Roles {
  const all = product.processes();
  const named = (name: string) => all.filter((one) => one.name === name).map(({ pid }) => pid);
  const cameras = all.map(({ pid }) => pid).filter((pid) => /rpicam-vid/.test(commandLine(pid).join(" ")));
  // Beside it there may be its supervisor, which is the same program with another command.
  const controller = all.find(({ name, pid }) => name === "node" && commandLine(pid).includes("run"))?.pid;
  const recorder = all.find(({ pid }) => /recorder-main/.test(commandLine(pid).join(" ")))?.pid ?? 0;
  return { controller: controller ?? 0, recorder, cameras, encoders: encodersOf(all), nginx: named("nginx") };
}

/** The recorder's own ffmpeg lives for a moment and is none of them. */
function encodersOf(all: ReturnType<Product["processes"]>): number[] {
  const isEncoder = (pid: number): boolean => commandLine(pid).includes("mpjpeg");
  return all.filter(({ name, pid }) => name === "ffmpeg" && isEncoder(pid)).map(({ pid }) => pid);
}

/** Where an encoder writes its parts. */
export function encoderFolder(pid: number): string {
  const args = commandLine(pid);
  const pattern = args[args.indexOf("-hls_segment_filename") + 1];
  if (pattern?.endsWith(".m4s") !== true) throw new Error(`Process ${pid} writes no parts: ${args.join(" ")}`);
  return dirname(resolve(readlinkSync(`/proc/${pid}/cwd`), pattern));
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
