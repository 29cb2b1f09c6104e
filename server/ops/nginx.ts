/**
 * NGINX as a child of the controller. Owns the process and its folder; whoever makes it stops it. A death of its own is
 * answered by a new start after a pause, for ever; workers that a killed master left behind are gone before that, because
 * a child ends with its whole group. If the controller is killed, the kernel sends SIGTERM, which takes the workers along.
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Settings } from "../config/schema.js";
import { writeAtomically } from "../lib/atomic-file.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { Child } from "../process/child.js";
import type { StopLadder } from "../process/stop-ladder.js";
import { readNginxTemplates, renderManaged } from "./nginx-config.js";
import { nginxSurroundings, workerUser, type NginxSurroundings } from "./nginx-surroundings.js";
import { checkPort } from "./port-check.js";

export interface NginxOptions {
  readonly settings: Settings;
  readonly records?: ChildRecords;
  readonly log: Log;
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

/** Whether NGINX answers on its loopback port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path: "/nginx-answers", agent: false, timeout: 500 }, (response) => {
      response.resume();
      resolve(response.statusCode === 204);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => {
      resolve(false);
    });
  });
}

export class Nginx {
  readonly #options: NginxOptions;
  readonly #surroundings: NginxSurroundings;
  /** All that NGINX writes lies here. */
  readonly #folder: string;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #child: Child | undefined;
  #kept: Promise<void> = Promise.resolve();

  /**
   * Starts NGINX and resolves when it answers; from then on it is kept running. Rejects `programMissing`,
   * `configInvalid`, `portBusy`, or `internal` when it ends or stays silent, with what it said; nothing runs then.
   */
  static async start(options: NginxOptions): Promise<Nginx> {
    const nginx = new Nginx(options);
    await nginx.#start();
    return nginx;
  }

  private constructor(options: NginxOptions) {
    this.#options = options;
    this.#surroundings = nginxSurroundings(options.settings);
    this.#folder = join(this.#surroundings.live, "nginx");
    this.#log = options.log.child({ part: "nginx" });
  }

  /** Process number of the master, for measurements; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Stops it; resolves when the operating system says that master and workers are gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#child?.stop("service stops", stopLadder);
    await this.#kept;
  }

  async #start(): Promise<void> {
    const { nginx } = this.#options.settings;
    await this.#writeConfig();
    await this.#testConfig();
    await checkPort("nginx.port", nginx.port, nginx.address);
    await checkPort("nginx.verifyPort", nginx.verifyPort, "127.0.0.1");
    const child = this.#spawn();
    await this.#ready(child);
    this.#log.info("NGINX answers", { port: nginx.port });
    this.#kept = this.#keep(child);
  }

  async #writeConfig(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const { live, web } = this.#surroundings;
    const user = workerUser([live, web].filter((folder) => existsSync(folder)));
    if (user !== null) this.#log.warn("the page or the live media are closed to others: NGINX's workers run as root");
    const config = renderManaged(readNginxTemplates(), this.#options.settings, this.#surroundings, user);
    await writeAtomically(join(this.#folder, "nginx.conf"), config);
  }

  async #testConfig(): Promise<void> {
    const test = this.#spawn("-t", "-q");
    const { code, error } = await test.exited;
    if (error !== undefined) throw error;
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
      this.#log.warn(line);
    });
    this.#child = child;
    return child;
  }

  /** Resolves when it answers; otherwise stops it and rejects. */
  async #ready(child: Child): Promise<void> {
    const deadlineMs = performance.now() + readyMs;
    while (!(await answers(this.#options.settings.nginx.verifyPort))) {
      const exit = await Promise.race([child.exited, wait(askAgainMs, null)]);
      if (exit === null && performance.now() < deadlineMs) continue;
      await child.stop("does not answer", stopLadder);
      const said = child.recentLines.join(" ");
      throw exit?.error ?? new AppError("internal", `NGINX ${exit ? "ended at once" : "does not answer"}: ${said}`);
    }
  }

  /** Until `close`: waits for its end, pauses, starts anew. */
  async #keep(first: Child): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    for (let child = first; ; child = this.#spawn()) {
      const startMs = performance.now();
      const { code, signal: by } = await child.exited;
      if (performance.now() - startMs > steadyMs) failures = 0;
      const pauseMs = pausesMs[Math.min(failures, pausesMs.length - 1)];
      failures += 1;
      if (!signal.aborted) this.#log.error("NGINX ended by itself", { code, signal: by, nextStartInMs: pauseMs });
      const paused = await wait(pauseMs, true, { signal }).catch(() => false);
      if (!paused) return;
    }
  }
}
