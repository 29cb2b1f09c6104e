import { join, resolve } from "node:path";
import { Accounts } from "../accounts/accounts.js";
import type { Auth } from "../accounts/auth.js";
import { Database } from "../config/database.js";
import { liveDirectory } from "../config/live-directory.js";
import type { SettingSources } from "../config/load.js";
import type { Settings } from "../config/schema.js";
import { SettingsStore } from "../config/settings-store.js";
import { StateManager } from "../config/state-manager.js";
import { systemClock as clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { version } from "../lib/package-root.js";
import { ChildRecords } from "../process/child-records.js";
import { reapOrphans } from "../process/orphan-reaper.js";
import { EncoderChoice } from "../stream/encoder-choice.js";
import { checkLiveFolder } from "./live-folder.js";

/** What every part stands on: folders, database, records. Whoever lays it closes the database, last of all. */
export interface Ground {
  /** Folder of live media, absolute. */
  readonly live: string;
  readonly database: Database;
  readonly store: SettingsStore;
  readonly state: StateManager;
  readonly records: ChildRecords;
  readonly encoders: EncoderChoice;
  readonly auth: Auth;
  readonly log: Log;
}

/**
 * Takes the state folder (rejects `alreadyRunning` when another controller has it, and `stateUnusable` when it or the one of
 * live media cannot be used) and removes what a crash of the former run left alive. `opened` is told of the database before
 * anything that comes after it can fail.
 */
export async function layGround(
  sources: SettingSources,
  { paths, http }: Settings,
  log: Log,
  opened: (database: Database) => void,
): Promise<Ground> {
  const live = resolve(liveDirectory({ paths, http }));
  checkLiveFolder(live);
  const database = new Database(paths.state, log);
  opened(database);
  log.info(`smart-toggle ${version} starts`, { state: paths.state, live, pid: process.pid });
  const store = new SettingsStore({ database, sources, clock });
  for (const { key, message } of store.ignored) log.warn(`a stored setting is left out: ${key} ${message}`);
  const children = join(live, "children");
  await reapOrphans(children, log);
  const { encoder: setting, ffmpegProgram } = store.settings.stream;
  const encoders = await EncoderChoice.make({ setting, ffmpegProgram, profile: store.profileOf(0), log });
  const records = new ChildRecords(children);
  const auth = openAuth(store.settings, database, log);
  return { live, database, store, state: new StateManager(database), records, encoders, auth, log };
}

function openAuth({ access, paths }: Settings, database: Database, log: Log): Auth {
  if (access.auth === "off") return { kind: "off" };
  const { sessionHours } = access;
  return { kind: "accounts", accounts: new Accounts({ database, state: paths.state, sessionHours, clock, log }) };
}
