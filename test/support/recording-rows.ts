import type { Connection } from "../../server/config/database.js";
import type { RecordingRow } from "../../server/recording/catalogue/recording-row.js";

/** A finished recording of 30 s; whatever matters to a test is given. */
export function recordingRow(given: Partial<RecordingRow> = {}): RecordingRow {
  const { id = 1, camera = 0, started_at = 1_700_000_000_000, start_ticks = 0 } = given;
  return {
    ...{ id, camera, channel: "main", path: `cam${camera}/231114/cam${camera}_${id}.mp4` },
    ...{ started_at, ended_at: started_at + 30_000, tz_offset_min: 0, generation: 1 },
    ...{ start_ticks, end_ticks: start_ticks + 2_700_000, width: 640, height: 480, fps: 30, profile: "{}" },
    ...{ frames: 900, bytes: 1_000_000, sha256: "0".repeat(64), state: "finished", reason: null, pinned: 0, dated: 1 },
    ...given,
  };
}

/** Writes rows as the recorder does. */
export function insertRows(connection: Connection, rows: Iterable<RecordingRow>): void {
  const names = Object.keys(recordingRow());
  const places = names.map((name) => `@${name}`).join(", ");
  const insert = connection.prepare(`INSERT INTO recordings (${names.join(", ")}) VALUES (${places})`);
  connection.transaction(() => {
    for (const row of rows) insert.run(row);
  })();
}

/** Two cameras, so many files of 30 s of each from `fromMs` on, in SQL: JavaScript would take longer than all questions. */
export function insertMany(connection: Connection, files: number, fromMs: number): void {
  connection.exec(`
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ${files})
    INSERT INTO recordings
      (camera, channel, path, started_at, ended_at, tz_offset_min, generation, start_ticks, end_ticks,
       width, height, fps, profile, frames, bytes, sha256, state)
    SELECT camera, 'cam' || camera, camera || '/' || n, ${fromMs} + n * 30000, ${fromMs} + (n + 1) * 30000, 60, 1,
      n * 2700000, (n + 1) * 2700000, 640, 480, 30, '{}', 900, 1000000, hex(zeroblob(32)), 'finished'
    FROM numbers, (SELECT 0 AS camera UNION SELECT 1)`);
}
