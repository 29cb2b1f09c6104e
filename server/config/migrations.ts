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
];
