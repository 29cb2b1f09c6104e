import { statSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { dirname, join, resolve } from "node:path";
import { liveDirectory } from "../config/live-directory.js";
import type { Settings } from "../config/schema.js";
import { packageRoot } from "../lib/package-root.js";

/** What the configuration of NGINX depends on beside the settings. */
export interface NginxSurroundings {
  /** Folder of live media; those of a channel lie in `hls/CHANNEL` below it. Absolute. */
  readonly live: string;
  /** Folder of the built page. Absolute. */
  readonly web: string;
  /** Folder of recordings. Absolute. */
  readonly recordings: string;
  /** Name of this machine. */
  readonly hostname: string;
  /** Whether this machine has addresses of IPv6. */
  readonly ipv6: boolean;
}

/** What this machine and the defaults of the paths add to the settings. */
export function nginxSurroundings(settings: Settings): NginxSurroundings {
  const addresses = Object.values(networkInterfaces()).flat();
  return {
    live: resolve(liveDirectory(settings)),
    recordings: resolve(settings.recording.directory),
    web: resolve(settings.paths.web ?? join(packageRoot, "dist", "web")),
    hostname: hostname(),
    ipv6: addresses.some((address) => address?.family === "IPv6"),
  };
}

/** A folder that is not there yet will be open: it is the way to it that counts. */
function openToOthers(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && (stats.mode & 0o001) === 0) return false;
  return dirname(path) === path || openToOthers(dirname(path));
}

/**
 * User for NGINX's workers: null leaves it to NGINX, which takes `nobody` when started by root. Where that one could not
 * reach the folders (a page below /root), it has to be root.
 */
export function workerUser(folders: readonly string[], uid: number | undefined = process.getuid?.()): string | null {
  return uid !== 0 || folders.every(openToOthers) ? null : "root";
}
