/**
 * NGINX as a child of the controller. Owns the process and its folder; whoever makes it stops it. A death of its own is
 * answered by a new start after a pause, for ever; workers that a killed master left behind are gone before that, because
 * a child ends with its whole group. One that lives and answers nobody is killed. If the controller is killed, the kernel
 * sends SIGTERM, which takes the workers along.
 */
import { EventEmitter } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Settings } from "../config/schema.js";
import { writeAtomically } from "../lib/atomic-file.js";
import { systemClock as clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { Child } from "../process/child.js";
import { LimitedLines } from "../process/limited-lines.js";
import { killLadder, type StopLadder } from "../process/stop-ladder.js";
import { nginxAnswers } from "./nginx-answers.js";
import { readNginxTemplates, renderManaged } from "./nginx-config.js";
import { nginxSurroundings, workerUser, type NginxSurroundings } from "./nginx-surroundings.js";
import { checkPort } from "./port-check.js";

export interface NginxOptions {
  readonly settings: Settings;
  readonly records?: ChildRecords;
  readonly log: Log;
}

/** How a managed NGINX was lost. */
export interface NginxLoss {
  /** `ended`: by itself. `hung`: it lived, answered nobody and was killed. */
  readonly how: "ended" | "hung";
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface NginxEvents {
  lost: [NginxLoss];
  /** It answers again, so many milliseconds after its loss. */
  answersAgain: [number];
}

/** Pauses before a new start, in milliseconds; the last one stands for all that follow. */
const pausesMs = [200, 500, 1000, 2000, 5000] as const;
/** An NGINX that lived so long starts with the first pause again. */
const steadyMs = 30_000;
/** How long NGINX may take to answer; it takes about 20 ms. */
const readyMs = 5000;
const askAgainMs = 10;
/** SIGTERM ends master and workers at once; open connections are cut. */
const stopLadder: StopLadder = [{ signal: "SIGTERM", waitMs: 1000 }];

/** How often one that runs is asked, how long its answer may take, and how many answers may fail to come in a row. */
const lookMs = 2000;
const answerMs = 1500;
const missedAnswers = 2;
/** Lines of NGINX logged in a minute: whoever asks for what is wrong on purpose would write one with each request. */
const mostLines = 30;
const stopped = "service stops";
const hung = "answers nobody";

export class Nginx extends EventEmitter<NginxEvents> {
  readonly #options: NginxOptions;
  readonly #surroundings: NginxSurroundings;
  /** All that NGINX writes lies here. */
  readonly #folder: string;
  readonly #log: Log;
  readonly #lines: LimitedLines;
  readonly #closing = new AbortController();
  /** Undefined while there is none: its number may be another program's by then. */
  #child: Child | undefined;
  /** When it was lost; null while it answers. */
  #lostMs: number | null = null;
  #kept: Promise<void> = Promise.resolve();

  /**
   * Starts NGINX and resolves when it answers; from then on it is kept running. Rejects `programMissing`,
   * `configInvalid`, `portBusy`, `addressAbsent`, or `internal` when it ends or stays silent, with what it said; nothing
   * runs then.
   */
  static async start(options: NginxOptions): Promise<Nginx> {
    const nginx = new Nginx(options);
    await nginx.#start();
    return nginx;
  }

  private constructor(options: NginxOptions) {
    super();
    this.#options = options;
    this.#surroundings = nginxSurroundings(options.settings);
    this.#folder = join(this.#surroundings.live, "nginx");
    this.#log = options.log.child({ part: "nginx" });
    this.#lines = new LimitedLines({ most: mostLines, clock, log: this.#log });
  }

  /** Process number of the master, for measurements; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Reads its configuration and certificate anew; open connections end within a second. The next one does so anyway. */
  reload(): void {
    const { pid } = this;
    try {
      if (pid !== undefined) process.kill(pid, "SIGHUP");
    } catch {
      // It ended at this moment.
    }
  }

  /** Takes over settings that changed. Never rejects: what could not be written is logged, and NGINX goes on as it was. */
  async change(settings: Settings): Promise<void> {
    try {
      await this.#writeConfig(settings);
      this.reload();
    } catch (error) {
      this.#log.error("NGINX could not be told of other settings", { error });
    }
  }

  /** Stops it; resolves when the operating system says that master and workers are gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#child?.stop(stopped, stopLadder);
    await this.#kept;
  }

  async #start(): Promise<void> {
    const { nginx, tls } = this.#options.settings;
    await this.#writeConfig(this.#options.settings);
    // Before NGINX itself tries them: here it can be told who has a port, and that an address is only not there yet.
    await checkPort("nginx.port", nginx.port, nginx.address);
    if (tls.mode !== "off") await checkPort("tls.port", tls.port, nginx.address);
    await checkPort("nginx.verifyPort", nginx.verifyPort, "127.0.0.1");
    await this.#testConfig();
    const child = this.#spawn();
    await this.#ready(child);
    this.#log.info("NGINX answers", { port: nginx.port });
    this.#kept = this.#keep(child);
  }

  async #writeConfig(settings: Settings): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const { live, web, recordings } = this.#surroundings;
    const user = workerUser([live, web, recordings]);
    if (user !== null) this.#log.warn("some folder is closed to others: NGINX's workers run as root");
    const config = renderManaged(readNginxTemplates(), settings, this.#surroundings, user);
    await writeAtomically(join(this.#folder, "nginx.conf"), config);
  }

  async #testConfig(): Promise<void> {
    const test = this.#spawn("-t", "-q");
    const { code, signal, error } = await test.exited;
    if (error !== undefined) throw error;
    if (signal !== null)
      throw new AppError("internal", `NGINX was killed (${signal}) while it read its configuration.`);
    if (code !== 0)
      throw new AppError("configInvalid", `NGINX refuses its configuration: ${test.recentLines.join(" ")}`);
  }

  #spawn(...further: readonly string[]): Child {
    const { settings, records, log } = this.#options;
    const child = new Child({
      name: "nginx",
      program: settings.nginx.program,
      args: ["-p", this.#folder, "-c", "nginx.conf", "-e", "stderr", ...further],
      // A user's PATH has no sbin on Debian, where NGINX lies.
      env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin` },
      deathSignal: "SIGTERM",
      ...(records && { records }),
      log,
    });
    child.on("line", (line) => {
      this.#lines.warn(line);
    });
    this.#child = child;
    return child;
  }

  /** Resolves when it answers; otherwise stops it and rejects. */
  async #ready(child: Child): Promise<void> {
    if (await this.#answersSoon(child)) return;
    await child.stop(hung, stopLadder);
    const { error, reason } = await child.exited;
    const what = reason === null ? "ended at once" : "does not answer";
    throw error ?? new AppError("internal", `NGINX ${what}: ${child.recentLines.join(" ")}`);
  }

  /** False when it has ended, or is silent for too long. */
  async #answersSoon(child: Child): Promise<boolean> {
    const deadlineMs = performance.now() + readyMs;
    while (!(await this.#answers())) {
      const exit = await Promise.race([child.exited, wait(askAgainMs, null)]);
      if (exit !== null || performance.now() > deadlineMs) return false;
    }
    return true;
  }

  #answers(): Promise<boolean> {
    return nginxAnswers(this.#options.settings.nginx.verifyPort, answerMs);
  }

  /** Until `close`: waits for its end, pauses, starts anew. */
  async #keep(first: Child): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    for (let child = first; ; child = this.#revive()) {
      const startMs = performance.now();
      const watching = new AbortController();
      void this.#watch(child, watching.signal);
      const { code, signal: by, reason } = await child.exited;
      watching.abort();
      this.#child = undefined;
      if (performance.now() - startMs > steadyMs) failures = 0;
      const pauseMs = pausesMs[Math.min(failures, pausesMs.length - 1)];
      failures += 1;
      if (!signal.aborted) this.#lost({ how: reason === hung ? "hung" : "ended", code, signal: by }, pauseMs ?? 0);
      const paused = await wait(pauseMs, true, { signal }).catch(() => false);
      if (!paused) return;
    }
  }

  #lost(loss: NginxLoss, nextStartInMs: number): void {
    this.#lostMs ??= performance.now();
    const what = loss.how === "hung" ? "NGINX answered nobody and was killed" : "NGINX ended by itself";
    this.#log.error(what, { code: loss.code, signal: loss.signal, nextStartInMs });
    this.emit("lost", loss);
  }

  #revive(): Child {
    const child = this.#spawn();
    void this.#answersSoon(child).then((again) => {
      if (!again || this.#lostMs === null) return;
      const ms = Math.round(performance.now() - this.#lostMs);
      this.#lostMs = null;
      this.#log.info("NGINX answers again", { ms });
      this.emit("answersAgain", ms);
    });
    return child;
  }

  /** Kills it when it misses its answers, until it has ended. Missed once may mean that the controller itself stood still. */
  async #watch(child: Child, signal: AbortSignal): Promise<void> {
    for (let missed = 0; missed < missedAnswers;) {
      const pauseMs = missed === 0 ? lookMs : 0;
      const waited = await wait(pauseMs, true, { signal, ref: false }).catch(() => false);
      if (!waited) return;
      missed = (await this.#answers()) ? 0 : missed + 1;
    }
    if (!signal.aborted) await child.stop(hung, killLadder);
  }
}
