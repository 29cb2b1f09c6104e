/**
 * The steps from an empty catalogue to today's, in order; `user_version` counts those done. A step that was released is
 * never changed: a new one is added.
 */
export const catalogueMigrations: readonly string[] = [
  `
  CREATE TABLE recordings (
    id INTEGER PRIMARY KEY,
    camera INTEGER NOT NULL,
    channel TEXT NOT NULL,
    -- Relative to the recordings folder; of the fragments while the state is open (absolute where they lie in RAM).
    path TEXT NOT NULL UNIQUE,
    started_at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    ended_at INTEGER NOT NULL, -- the same; while open: started_at
    tz_offset_min INTEGER NOT NULL, -- minutes east of UTC when it started
    generation INTEGER NOT NULL,
    start_ticks INTEGER NOT NULL, -- on the channel's timeline, 90 000 a second
    end_ticks INTEGER NOT NULL, -- while open: start_ticks
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    fps INTEGER NOT NULL,
    profile TEXT NOT NULL, -- JSON
    frames INTEGER NOT NULL, -- 0 while open
    bytes INTEGER NOT NULL, -- 0 while open
    sha256 TEXT, -- hexadecimal; NULL while open
    state TEXT NOT NULL CHECK (state IN ('open', 'finished', 'setAside')),
    reason TEXT, -- why it was set aside
    pinned INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX recordings_camera_time ON recordings (camera, started_at);
  CREATE INDEX recordings_channel_ticks ON recordings (channel, start_ticks);
  CREATE INDEX recordings_unfinished ON recordings (state) WHERE state <> 'finished';
  CREATE TABLE recording_gaps (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    camera INTEGER NOT NULL, -- of the file after it
    from_at INTEGER NOT NULL, -- milliseconds since the Unix epoch
    to_at INTEGER NOT NULL,
    from_ticks INTEGER NOT NULL,
    to_ticks INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX recording_gaps_from ON recording_gaps (from_at);
  `,
  `
  -- A day of a timeline is answered from the index alone.
  DROP INDEX recordings_camera_time;
  CREATE INDEX recordings_timeline ON recordings
    (camera, started_at, id, state, ended_at, channel, start_ticks, end_ticks, bytes, pinned);
  CREATE INDEX recordings_time ON recordings (started_at, id);
  `,
  `
  -- 0: it began before the wall clock of the machine was set, and its times are uncertain.
  ALTER TABLE recordings ADD COLUMN dated INTEGER NOT NULL DEFAULT 1;
  -- The next one that may become too old.
  CREATE INDEX recordings_age ON recordings (camera, started_at) WHERE dated = 1 AND state = 'finished' AND pinned = 0;
  -- The same file again is told by its beginning on both clocks: after a loss of the state, ticks begin anew.
  DROP INDEX recordings_channel_ticks;
  CREATE INDEX recordings_key ON recordings (channel, start_ticks, generation, started_at);
  `,
  `
  -- What is asked for after each finished file: counting a million rows takes a fifth of a second.
  CREATE TABLE recording_totals (
    camera INTEGER PRIMARY KEY,
    files INTEGER NOT NULL, -- finished ones
    bytes INTEGER NOT NULL -- of them
  ) STRICT;
  INSERT INTO recording_totals (camera, files, bytes)
    SELECT camera, count(*), sum(bytes) FROM recordings WHERE state = 'finished' GROUP BY camera;
  CREATE TRIGGER recordings_inserted AFTER INSERT ON recordings WHEN NEW.state = 'finished' BEGIN
    INSERT INTO recording_totals (camera, files, bytes) VALUES (NEW.camera, 1, NEW.bytes)
      ON CONFLICT (camera) DO UPDATE SET files = files + 1, bytes = bytes + NEW.bytes;
  END;
  CREATE TRIGGER recordings_deleted AFTER DELETE ON recordings WHEN OLD.state = 'finished' BEGIN
    UPDATE recording_totals SET files = files - 1, bytes = bytes - OLD.bytes WHERE camera = OLD.camera;
  END;
  CREATE TRIGGER recordings_left AFTER UPDATE OF state, camera, bytes ON recordings WHEN OLD.state = 'finished' BEGIN
    UPDATE recording_totals SET files = files - 1, bytes = bytes - OLD.bytes WHERE camera = OLD.camera;
  END;
  CREATE TRIGGER recordings_entered AFTER UPDATE OF state, camera, bytes ON recordings WHEN NEW.state = 'finished' BEGIN
    INSERT INTO recording_totals (camera, files, bytes) VALUES (NEW.camera, 1, NEW.bytes)
      ON CONFLICT (camera) DO UPDATE SET files = files + 1, bytes = bytes + NEW.bytes;
  END;
  `,
];
