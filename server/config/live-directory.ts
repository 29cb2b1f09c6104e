import type { Settings } from "./schema.js";

/** Folder of live media: the one the settings name, else one on tmpfs that no other instance on this machine has. */
export function liveDirectory({ paths, http }: Pick<Settings, "paths" | "http">): string {
  return paths.live ?? `/dev/shm/smart-toggle-${http.port}`;
}
