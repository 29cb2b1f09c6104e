import { setFlagsFromString } from "node:v8";

/**
 * Keeps the young part of this process's heap at its first size (2 MB). V8 lets it grow to 32 MB under short-lived objects,
 * and ours hold frames outside of it: some 50 MB of resident memory that are never given back, for no processor time saved
 * (both measured side by side: 114 → 66 MB, 4.2 and 4.3 % of a core). Call it before anything large is loaded.
 *
 * Set here and not on Node's command line (`--max-semi-space-size`), which would have to be the same in the supervisor, the
 * unit and the container. V8 reads this flag each time it would grow.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
