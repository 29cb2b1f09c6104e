import { join, relative } from "node:path";
import { systemClock as clock } from "../../lib/clock.js";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import { openCatalogue } from "../catalogue/open-catalogue.js";
import { moveAside } from "../files/finisher.js";
import type { RecorderConfig } from "../messages.js";
import { Recorder } from "../recorder.js";
import { checkFile } from "./check-file.js";
import type { OnProgress } from "./checker.js";
import { RowsToCheck } from "./rows-to-check.js";

/**
 * Puts right what can be put right, as a start of the service would, and sets aside what is damaged. Only while no
 * service runs. What could not be repaired, the check after it finds again; rejects `stateUnusable` where the disk does
 * not let it.
 */
export async function repairRecordings(
  config: RecorderConfig,
  log: Log,
  onProgress: OnProgress = () => undefined,
): Promise<void> {
  const { connection } = openCatalogue(config.state);
  const recorder = new Recorder({ config, connection, tell: () => undefined, clock, log });
  const refused = new Promise<never>((_, reject) => {
    recorder.storage.once("paused", ({ message }) => {
      reject(new AppError("stateUnusable", message));
    });
  });
  const repair = async (): Promise<void> => {
    await recorder.repaired;
    await recorder.agreed;
    await setDamagedAside(config.directory, recorder, new RowsToCheck(connection), onProgress);
    await recorder.close();
  };
  await Promise.race([refused, repair()]);
  connection.close();
}

async function setDamagedAside(
  directory: string,
  { rows }: Recorder,
  toCheck: RowsToCheck,
  onProgress: OnProgress,
): Promise<void> {
  const { recordings } = toCheck.totals();
  let done = 0;
  for (const row of toCheck.finished()) {
    const path = join(directory, row.path);
    const verdict = await checkFile(path, row);
    onProgress(++done, recordings);
    if (verdict.kind === "damaged")
      rows.damaged(row.id, relative(directory, await moveAside(path, directory)), verdict.why);
  }
}
