import Sqlite from "better-sqlite3";
import fc from "fast-check";
import { expect, it } from "vitest";
import { catalogueMigrations } from "../../../server/recording/catalogue/migrations.js";
import { RecordingRows } from "../../../server/recording/catalogue/recording-rows.js";
import { insertRows, recordingRow } from "../../support/recording-rows.js";

it("E5 the catalogue's rows are the same, asked folder by folder", () => {
  const folder = fc.constantFrom(
    "cam0/261120",
    "cam0/261121",
    "cam0/2611210",
    "cam1/261121",
    "cam10/261121",
    ".set-aside",
  );
  const state = fc.constantFrom("open" as const, "finished" as const, "setAside" as const);
  fc.assert(
    fc.property(fc.array(fc.record({ folder, state })), (files) => {
      const connection = new Sqlite(":memory:");
      for (const step of catalogueMigrations) connection.exec(step);
      insertRows(
        connection,
        files.map((file, n) => recordingRow({ id: n + 1, path: `${file.folder}/${n}.mp4`, state: file.state })),
      );
      const rows = new RecordingRows(connection);
      const finished = new Set(files.filter((file) => file.state === "finished").map((file) => file.folder));
      expect(rows.folders()).toEqual([...finished].sort());
      for (const asked of finished) {
        const expected = files.flatMap((file, n) => (file.folder === asked ? [n + 1] : []));
        expect(
          rows
            .pathsIn(asked)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(expected.sort());
      }
      connection.close();
    }),
  );
});
