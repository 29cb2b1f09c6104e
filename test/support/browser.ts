import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const flags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page of ours plays by itself; a test has no finger to allow it.
  "--autoplay-policy=no-user-gesture-required",
  // Several pages are measured side by side: none of them may count as hidden.
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

/** Path of the installed Chromium. Throws when there is none; playwright never downloads one. */
export function browserProgram(): string {
  const found = programs.find((path) => existsSync(path));
  if (found === undefined) throw new Error("No Chromium is installed: apt-get install chromium");
  return found;
}

/** A headless Chromium with a profile of its own, which goes with it. Whoever opens it closes it. */
export function openBrowser(): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: browserProgram(), args: [...flags, ...sandbox], headless: true });
}
