/**
 * The recorder process. Started by the controller through `process/child`, told by IPC what to do (messages.ts), ended by
 * the message `close`; when the controller dies, the kernel kills it.
 */
import { setPriority } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../config/database.js";
import { systemClock as clock } from "../lib/clock.js";
import { createLog } from "../lib/log.js";
import { ChildRecords } from "../process/child-records.js";
import { condemnCatalogue, isDamage, openCatalogue } from "./catalogue/open-catalogue.js";
import { commandSchema } from "./command-schemas.js";
import { answerRequest } from "./library/answer-request.js";
import { Library } from "./library/library.js";
import type { RecorderCommand, RecorderConfig, RecorderMessage, RecorderStatus } from "./messages.js";
import { Recorder } from "./recorder.js";
import { hasSettledMark, removeSettledMark, writeSettledMark } from "./storage/settled-mark.js";

const statusMs = 1000;
/** A file that is finished a little later hurts nobody; a frame would. */
const niceness = 5;
/** Repair that takes longer, or waits for room on the disk, holds up the library no more. */
const repairMs = 10_000;
/** Of the second that the controller waits for the end. */
const closeMs = 500;

const log = createLog({ level: "debug", format: "json" });

interface Running {
  readonly config: RecorderConfig;
  readonly recorder: Recorder;
  readonly connection: Connection;
  /** There once the folder of the recordings is proven ours. */
  readonly library: Promise<Library>;
  opened: Library | null;
}

let running: Running | null = null;

function tell(message: RecorderMessage): void {
  process.send?.(message);
}

function begin(config: RecorderConfig): Running {
  const { connection, setAside, isTemporary } = openCatalogue(config.state, hasSettledMark(config.state));
  removeSettledMark(config.state);
  if (setAside !== null) {
    log.error("the catalogue of recordings was damaged and is made anew", setAside);
    tell({ type: "event", event: { kind: "catalogueSetAside", ...setAside } });
  }
  const records = new ChildRecords(config.children);
  const onError = (error: unknown): void => {
    abandonDamaged(config.state, error);
  };
  const recorder = new Recorder({ config, connection, tell, records, clock, log, onError });
  // The next process finds room for a catalogue of its own, and is told again of what this one was told.
  if (isTemporary) recorder.storage.once("resumed", () => process.exit(1));
  const library = openLibrary(config, connection, recorder);
  const begun: Running = { config, recorder, connection, library, opened: null };
  setInterval(() => {
    tell({ type: "status", status: statusOf(begun) });
  }, statusMs);
  void library.then((opened) => {
    begun.opened = opened;
    tell({ type: "ready" });
  });
  return begun;
}

function statusOf({ recorder, opened }: Running): RecorderStatus {
  const { status } = recorder;
  return { ...status, isIdle: status.isIdle && opened?.isIdle === true };
}

/** Never rejects. */
async function openLibrary(config: RecorderConfig, connection: Connection, recorder: Recorder): Promise<Library> {
  const { directory: root, playbackDirectory, playbackMb, ffmpegProgram, retention } = config;
  // A disk that is full is repaired when there is room: only retention makes it, and lives in the library.
  await Promise.race([recorder.repaired, recorder.storage.proven().then(() => wait(repairMs))]);
  const limits = { root, playbackDirectory, playbackMb, ffmpegProgram, retention };
  const isOurs = (): Promise<boolean> => recorder.storage.isOurs();
  const library = await Library.open({ connection, ...limits, isOurs, clock, log });
  const changed = (): void => {
    library.changed();
  };
  recorder.onChanged(changed);
  changed();
  for (const done of [recorder.repaired, recorder.agreed]) void done.then(changed);
  return library;
}

function obey(command: RecorderCommand): void {
  if (command.type === "configure") {
    if (running === null) running = begin(command.config);
    else reconfigure(running, command.config);
    return;
  }
  if (running === null) throw new Error(`${command.type} came before configure.`);
  const { recorder } = running;
  switch (command.type) {
    case "start":
      recorder.start(command.channel);
      break;
    case "stop":
      recorder.stop(command.channel, command.why);
      break;
    case "part":
      recorder.part(command.part);
      break;
    case "request":
      void answer(running, command);
      break;
    case "close":
      void close(running);
  }
}

async function answer(
  run: Running,
  { id, kind, params }: Extract<RecorderCommand, { type: "request" }>,
): Promise<void> {
  const handlers = async () => ({ status: () => statusOf(run), ...(await run.library).handlers });
  const onError = (error: unknown): void => {
    abandonDamaged(run.config.state, error);
  };
  tell({ type: "answer", id, answer: await answerRequest(kind, params, handlers, onError) });
}

/** A catalogue in which a query meets damage is of no use to anybody: the next process makes another one of the files. */
function abandonDamaged(state: string, error: unknown): void {
  if (!isDamage(error)) return;
  log.error("the catalogue of recordings is damaged", { reason: error.message });
  condemnCatalogue(state, error.message);
  process.exit(1);
}

function reconfigure({ recorder, library }: Running, config: RecorderConfig): void {
  recorder.configure(config);
  void library.then(({ retention }) => {
    retention.configure(config.retention);
  });
}

/** The recordings first: what follows can be done without. */
async function close({ config, recorder, connection, library }: Running): Promise<void> {
  await recorder.close();
  const closed = library.then(async (opened) => {
    await opened.close();
    return opened;
  });
  const opened = await Promise.race([closed, wait(closeMs, null)]);
  if (opened !== null && recorder.isSettled) await markSettled(config, opened);
  connection.close();
  process.exit(0);
}

/** The next start finds nothing to do. Where that cannot be written, it looks for itself. */
async function markSettled({ state, directory }: RecorderConfig, library: Library): Promise<void> {
  const { keepDays } = library.retention.settings;
  try {
    await writeSettledMark(state, { directory, keepDays, dueAtMs: library.dueAtMs(clock.epochMs()) });
  } catch (error) {
    log.warn("it could not be written down that nothing is left to do", { reason: String(error) });
  }
}

setPriority(niceness);
process.on("disconnect", () => {
  process.exit(0);
});
process.on("message", (message) => {
  obey(commandSchema.parse(message));
});
