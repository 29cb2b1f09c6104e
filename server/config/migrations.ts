/**
 * The steps from an empty database to today's, in order; `user_version` counts those done. A step that was released is
 * never changed: a new one is added.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE setting (
    path TEXT PRIMARY KEY,
    value TEXT NOT NULL -- JSON
  ) STRICT;
  CREATE TABLE setting_history (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    who TEXT NOT NULL, -- page, file or api
    path TEXT NOT NULL,
    old TEXT NOT NULL, -- JSON, the value in force before
    new TEXT NOT NULL -- JSON
  ) STRICT;
  CREATE INDEX setting_history_path ON setting_history (path, id);
  CREATE TABLE state (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL -- JSON
  ) STRICT;
  CREATE TABLE switches (
    id INTEGER PRIMARY KEY,
    trigger TEXT NOT NULL,
    from_camera INTEGER,
    to_camera INTEGER,
    requested_at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    outcome TEXT, -- NULL: open
    live INTEGER,
    reason_code TEXT,
    reason_message TEXT,
    total_ms REAL,
    steps TEXT NOT NULL DEFAULT '[]' -- JSON
  ) STRICT;
  CREATE INDEX switches_requested_at ON switches (requested_at);
  `,
  `
  CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    ended_at INTEGER, -- NULL: it lasts
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    camera INTEGER,
    message TEXT NOT NULL,
    value REAL,
    threshold REAL
  ) STRICT;
  CREATE INDEX incidents_at ON incidents (at);
  CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    camera INTEGER,
    from_at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    to_at INTEGER, -- NULL: it lasts, or a crash cut it off
    ms REAL NOT NULL, -- on the monotonic clock
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    planned INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX gaps_from ON gaps (from_at);
  CREATE TABLE hour_counts (
    at INTEGER PRIMARY KEY, -- begin of the hour, milliseconds since the Unix epoch
    switches INTEGER NOT NULL DEFAULT 0,
    switches_committed INTEGER NOT NULL DEFAULT 0,
    cpu_over_s REAL NOT NULL DEFAULT 0,
    temperature_over_s REAL NOT NULL DEFAULT 0,
    memory_over_s REAL NOT NULL DEFAULT 0,
    reduced_s REAL NOT NULL DEFAULT 0,
    stopped_s REAL NOT NULL DEFAULT 0,
    viewers_most INTEGER NOT NULL DEFAULT 0,
    viewer_s REAL NOT NULL DEFAULT 0,
    -- Time in which the cameras were meant to be on, by channel “main”; what the ledger divides by.
    observed_s REAL NOT NULL DEFAULT 0
  ) STRICT;
  `,
  `
  -- The ledger's sums of each hour: its rows of gaps are counted out, these are not.
  ALTER TABLE hour_counts ADD COLUMN missing_s REAL NOT NULL DEFAULT 0;
  ALTER TABLE hour_counts ADD COLUMN planned_s REAL NOT NULL DEFAULT 0;
  ALTER TABLE hour_counts ADD COLUMN gaps INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE ledger (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    value TEXT NOT NULL -- JSON: up to when time was accounted for, and the sums of the last minutes
  ) STRICT;
  `,
  `
  CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- a number is never given again
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE, -- the name in one form for all spellings
    role TEXT NOT NULL,
    password TEXT NOT NULL, -- argon2id, with its salt and cost
    enabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL -- milliseconds since the Unix epoch
  ) STRICT;
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    account INTEGER NOT NULL,
    created_at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    expires_at INTEGER NOT NULL,
    address TEXT NOT NULL
  ) STRICT;
  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    hash TEXT NOT NULL, -- SHA-256 of the secret
    created_at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    expires_at INTEGER, -- NULL: never
    made_by TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    who TEXT,
    action TEXT NOT NULL,
    subject TEXT,
    address TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- The ledger's sums of each hour, by channel; before, those of “main” stood with the operators' counts.
  CREATE TABLE channel_hours (
    channel TEXT NOT NULL,
    at INTEGER NOT NULL, -- begin of the hour, milliseconds since the Unix epoch
    observed_s REAL NOT NULL, -- time in which the channel was meant to be shown
    missing_s REAL NOT NULL,
    planned_s REAL NOT NULL,
    gaps INTEGER NOT NULL,
    PRIMARY KEY (channel, at)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO channel_hours SELECT 'main', at, observed_s, missing_s, planned_s, gaps FROM hour_counts;
  ALTER TABLE hour_counts DROP COLUMN gaps;
  ALTER TABLE hour_counts DROP COLUMN planned_s;
  ALTER TABLE hour_counts DROP COLUMN missing_s;
  ALTER TABLE hour_counts DROP COLUMN observed_s;
  CREATE TABLE channel_ledgers (
    channel TEXT PRIMARY KEY,
    value TEXT NOT NULL -- JSON: up to when time was accounted for, and the sums of the last minutes
  ) STRICT;
  INSERT INTO channel_ledgers SELECT 'main', value FROM ledger;
  DROP TABLE ledger;
  CREATE INDEX gaps_channel ON gaps (channel, id);
  `,
];
