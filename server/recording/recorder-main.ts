/**
 * The recorder process. Started by the controller through `process/child`, told by IPC what to do (messages.ts), ended by
 * the message `close`; when the controller dies, the kernel kills it.
 */
import { setPriority } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../config/database.js";
import { systemClock as clock } from "../lib/clock.js";
import { toAppError } from "../lib/errors.js";
import { createLog } from "../lib/log.js";
import { ChildRecords } from "../process/child-records.js";
import { openCatalogue } from "./catalogue/open-catalogue.js";
import { Library } from "./library/library.js";
import {
  commandSchema,
  paramsSchemas,
  type RecorderCommand,
  type RecorderConfig,
  type RecorderMessage,
  type RequestHandlers,
  type RequestKind,
} from "./messages.js";
import { Recorder } from "./recorder.js";

const statusMs = 1000;
/** A file that is finished a little later hurts nobody; a frame would. */
const niceness = 5;
/** Repair that takes longer, or waits for room on the disk, holds up the library no more. */
const repairMs = 10_000;

const log = createLog({ level: "debug", format: "json" });

interface Running {
  readonly recorder: Recorder;
  readonly connection: Connection;
  /** There once the folder of the recordings is proven ours. */
  readonly library: Promise<Library>;
}

let running: Running | null = null;

function tell(message: RecorderMessage): void {
  process.send?.(message);
}

function begin(config: RecorderConfig): Running {
  const { connection, setAside } = openCatalogue(config.state);
  if (setAside !== null) log.error("the catalogue of recordings was damaged and is made anew", { setAside });
  const records = new ChildRecords(config.children);
  const recorder = new Recorder({ config, connection, tell, records, clock, log });
  setInterval(() => {
    tell({ type: "status", status: recorder.status });
  }, statusMs);
  const library = openLibrary(config, connection, recorder);
  library.then(
    () => {
      tell({ type: "ready" });
    },
    (error: unknown) => {
      log.error("the recordings cannot be shown", { reason: String(error) });
    },
  );
  return { recorder, connection, library };
}

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
      recorder.stop(command.channel);
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
  { recorder, library }: Running,
  { id, kind, params }: Extract<RecorderCommand, { type: "request" }>,
): Promise<void> {
  try {
    if (!(kind in paramsSchemas)) throw new Error(`There is no request ${kind}.`);
    const handlers: RequestHandlers = { status: () => recorder.status, ...(await library).handlers };
    tell({ type: "answer", id, answer: { ok: true, result: await handle(handlers, kind as RequestKind, params) } });
  } catch (error) {
    const { code, message } = toAppError(error);
    tell({ type: "answer", id, answer: { ok: false, code, message } });
  }
}

function handle(handlers: RequestHandlers, kind: RequestKind, params: unknown): unknown {
  // Each handler takes what the schema of its own kind gives: more than the types can say of a union of kinds.
  const act = handlers[kind] as (params: unknown) => unknown;
  return act(paramsSchemas[kind].parse(params));
}

function reconfigure({ recorder, library }: Running, config: RecorderConfig): void {
  recorder.configure(config);
  void library.then(({ retention }) => {
    retention.configure(config.retention);
  });
}

/** The recordings first: what follows can be done without. */
async function close({ recorder, connection, library }: Running): Promise<void> {
  await recorder.close();
  await Promise.race([library.then((opened) => opened.close()), wait(500)]);
  connection.close();
  process.exit(0);
}

setPriority(niceness);
process.on("disconnect", () => {
  process.exit(0);
});
process.on("message", (message) => {
  obey(commandSchema.parse(message));
});
