import { statSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { dirname } from "node:path";

/** What the configuration of NGINX depends on beside the settings. */
export interface NginxSurroundings {
  /** Folder of live media; those of a channel lie in `hls/CHANNEL` below it. Absolute. */
  readonly live: string;
  /** Folder of the built page. Absolute. */
  readonly web: string;
  /** Name of this machine. */
  readonly hostname: string;
  /** Whether this machine has addresses of IPv6. */
  readonly ipv6: boolean;
}

/** What this machine adds to the settings. Folders must be absolute. */
export function nginxSurroundings(live: string, web: string): NginxSurroundings {
  const addresses = Object.values(networkInterfaces()).flat();
  return { live, web, hostname: hostname(), ipv6: addresses.some((address) => address?.family === "IPv6") };
}

function openToOthers(path: string): boolean {
  const { mode } = statSync(path);
  return (mode & 0o001) !== 0 && (dirname(path) === path || openToOthers(dirname(path)));
}

/**
 * User for NGINX's workers: null leaves it to NGINX, which takes `nobody` when started by root. Where that one could not
 * reach the folders (a page below /root), it has to be root.
 */
export function workerUser(folders: readonly string[], uid: number | undefined = process.getuid?.()): string | null {
  return uid !== 0 || folders.every(openToOthers) ? null : "root";
}
