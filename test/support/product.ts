/**
 * The real product, compiled, as a process of its own with its own folders and ports. Whoever starts it closes it, and
 * `close` fails when anything of it lives on. Cameras are simulated; `setFault` breaks them.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, openSync, closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { setFault, type FaultInput } from "../../server/camera/simulated/faults.js";
import { commandHeaders } from "../../server/accounts/command-token.js";
import { settingsSchema, type SettingsInput } from "../../server/config/schema.js";
import type { Status } from "../../server/http/wire.js";
import { packageRoot } from "../../server/lib/package-root.js";
import type { ProcessInfo } from "../../server/process/process-table.js";
import { freePorts } from "./free-ports.js";
import { markedProcesses, testMarker } from "./marked-processes.js";
import { SourceWatch } from "./source-watch.js";
import { until } from "./until.js";

export interface ProductOptions {
  /** Laid over the settings of the harness, section by section. */
  readonly settings?: SettingsInput;
  /** How long it may take to a live picture, in milliseconds. */
  readonly readyMs?: number;
  /** Run by the product's own supervisor, as `make run` does; `pid` is then the supervisor's. */
  readonly supervised?: boolean;
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ProductEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
}

export interface ApiAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** What is left alive so long after the end is left over. */
const leftoverMs = 3000;
/** A stop takes 3 s at the most; three times as long on a machine that is busy with other tests. */
const stopMs = 9000;
const mainProgram = join(packageRoot, "dist/server/main.js");

export class Product {
  /** Of state, settings and log. */
  readonly directory: string;
  /** Of live media, on tmpfs. */
  readonly live: string;
  /** Of the public side, without a slash at the end. */
  readonly url: string;
  readonly simulation: string;
  readonly marker = randomUUID();
  readonly #settings: SettingsInput;
  readonly #readyMs: number;
  readonly #command: "run" | "supervise";
  readonly #env: NodeJS.ProcessEnv;
  readonly #watches: SourceWatch[] = [];
  #process: ChildProcess | undefined;
  #ended: Promise<ProductEnd> = Promise.resolve({ code: null, signal: null, ms: 0 });

  private constructor(directory: string, live: string, settings: SettingsInput, options: ProductOptions) {
    const { readyMs = 15_000, supervised = false, env = {} } = options;
    this.directory = directory;
    this.#settings = settings;
    this.live = live;
    this.simulation = join(directory, "simulation");
    this.#readyMs = readyMs;
    this.#command = supervised ? "supervise" : "run";
    this.#env = env;
    this.url = `http://127.0.0.1:${settings.nginx?.port ?? 0}`;
  }

  /** Starts it and waits for a live picture. On failure nothing is left, and the error ends with the log's last lines. */
  static async start(options: ProductOptions = {}): Promise<Product> {
    const product = await Product.prepare(options);
    try {
      await product.launch();
    } catch (error) {
      const log = product.logTail();
      await product.close().catch(() => undefined);
      throw new Error(`${String(error)}\n${log}`, { cause: error });
    }
    return product;
  }

  /** Folders and settings, and nothing running yet. */
  static async prepare(options: ProductOptions = {}): Promise<Product> {
    const { settings = {} } = options;
    const directory = mkdtempSync(join(tmpdir(), "product-"));
    const live = join("/dev/shm", `smart-toggle-test-${randomUUID().slice(0, 8)}`);
    const [controller = 0, publicPort = 0, verifyPort = 0] = await freePorts(3);
    const whole: SettingsInput = {
      ...settings,
      http: { port: controller, ...settings.http },
      nginx: { address: "127.0.0.1", port: publicPort, verifyPort, ...settings.nginx },
      cameras: {
        driver: "simulated",
        ...settings.cameras,
        simulated: { directory: join(directory, "simulation"), ...settings.cameras?.simulated },
      },
      // Other programs load this machine while tests run: that is not what they are about.
      guard: { cpuPercent: 100, memoryPercent: 100, ...settings.guard },
      log: { format: "json", level: "debug", ...settings.log },
      paths: { state: join(directory, "state"), live, ...settings.paths },
    };
    writeFileSync(join(directory, "settings.json"), JSON.stringify(whole, null, 2));
    return new Product(directory, live, whole, options);
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Of the controller itself, behind NGINX. */
  get controllerPort(): number {
    return this.#settings.http?.port ?? 0;
  }

  /** Resolves when the controller's process has ended, for whatever reason. */
  get ended(): Promise<ProductEnd> {
    return this.#ended;
  }

  /** Starts the process and waits for a live picture on the public side. */
  async launch(): Promise<void> {
    this.spawn();
    await this.waitUntilReady();
  }

  /** Starts the process and does not wait. */
  spawn(): void {
    const log = openSync(join(this.directory, "log.jsonl"), "a");
    const args = [mainProgram, this.#command, "--config", join(this.directory, "settings.json")];
    const env = { ...process.env, ...this.#env, [testMarker]: this.marker };
    const startedMs = performance.now();
    // A test that is killed takes the product with it.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", process.execPath, ...args], {
      cwd: this.directory,
      env,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.#process = child;
    this.#ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        this.#process = undefined;
        resolve({ code, signal, ms: performance.now() - startedMs });
      });
    });
  }

  async waitUntilReady(): Promise<void> {
    await until("the product's live picture", this.#readyMs, async () => {
      if (this.pid === undefined) throw new Error("The product ended before its picture was live.");
      return (await this.#isOk("/readyz")) && (await this.#isOk("/hls/main/live.m3u8"));
    });
  }

  /** SIGINT; says how it ended. Throws when that takes longer than it may. */
  async stop(): Promise<ProductEnd> {
    const startedMs = performance.now();
    this.#process?.kill("SIGINT");
    const end = await Promise.race([this.#ended, lateAfter(stopMs + 2000)]);
    const ms = performance.now() - startedMs;
    if (end === null || ms > stopMs)
      throw new Error(`The product did not stop within ${stopMs} ms (${Math.round(ms)})`);
    return { ...end, ms };
  }

  /** SIGKILL to the controller alone; resolves when it is gone. */
  async kill9(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#ended;
  }

  /** As after a reboot: everything on tmpfs is gone. */
  loseTmpfs(): void {
    rmSync(this.live, { recursive: true, force: true });
  }

  /** Ends what still runs and removes the folders. Throws when a process of the product outlived it. */
  async close(): Promise<void> {
    for (const watch of this.#watches) watch.stop();
    if (this.pid !== undefined) await this.stop().catch(() => this.kill9());
    await until("the end of the children", leftoverMs, () => this.processes().length === 0).catch(() => undefined);
    const left = this.processes();
    for (const { pid } of left) killQuietly(pid);
    this.loseTmpfs();
    rmSync(this.directory, { recursive: true, force: true });
    if (left.length > 0) {
      throw new Error(`Left running: ${left.map(({ pid, name, state }) => `${pid} ${name} ${state}`).join(", ")}`);
    }
  }

  /** Every living process of this product: controller, cameras, encoders, NGINX. */
  processes(): ProcessInfo[] {
    return markedProcesses(this.marker, [this.directory, this.live]);
  }

  /** Counts sources until it is stopped, at the latest by `close`. */
  watchSources(): SourceWatch {
    const watch = new SourceWatch(() => this.pid);
    this.#watches.push(watch);
    return watch;
  }

  setFault(camera: number, fault: FaultInput | null): Promise<void> {
    return setFault(this.simulation, camera, fault);
  }

  /** A request through the public side; a body makes it a POST unless told otherwise. */
  async api<Body>(path: string, body?: object, method = body === undefined ? "GET" : "POST"): Promise<ApiAnswer<Body>> {
    const headers = await this.#credentials();
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "Content-Type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  async status(): Promise<Status> {
    return (await this.api<Status>("/api/status")).body;
  }

  /** The last lines of the log, for the message of a failed test. */
  logTail(lines = 25): string {
    const path = join(this.directory, "log.jsonl");
    if (!existsSync(path)) return "(no log)";
    return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }

  /** With accounts: those of a command on this machine. */
  #credentials(): Promise<Record<string, string>> {
    return commandHeaders(settingsSchema.parse(this.#settings));
  }

  async #isOk(path: string): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}${path}`, { headers: await this.#credentials() });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

function lateAfter(ms: number): Promise<null> {
  return wait(ms, null, { ref: false });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended at this moment.
  }
}
