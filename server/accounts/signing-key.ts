import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../lib/log.js";

const bytes = 32;

export function signingKeyPath(state: string): string {
  return join(state, "session.key");
}

/** The key of a state folder that is there already. Errors of the file system are passed on. */
export function readSigningKey(state: string): Uint8Array {
  return readFileSync(signingKeyPath(state));
}

/**
 * The key that signs sessions, made at the first start and readable by us alone. Where it cannot be kept, one for this run:
 * everybody signs in again after the next start.
 */
export function openSigningKey(state: string, log: Log): Uint8Array {
  const path = signingKeyPath(state);
  try {
    const key = readSigningKey(state);
    if (key.length === bytes) {
      chmodSync(path, 0o600);
      return key;
    }
    log.error("the key that signs sessions is damaged; a new one ends all sessions", { path });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return temporaryKey(path, error, log);
  }
  return newKey(path, log);
}

function newKey(path: string, log: Log): Uint8Array {
  const key = randomBytes(bytes);
  try {
    writeFileSync(path, key, { mode: 0o600 });
    chmodSync(path, 0o600);
    return key;
  } catch (error) {
    return temporaryKey(path, error, log);
  }
}

function temporaryKey(path: string, error: unknown, log: Log): Uint8Array {
  log.error("the key that signs sessions cannot be kept: sessions end with this run", { path, reason: String(error) });
  return randomBytes(bytes);
}
