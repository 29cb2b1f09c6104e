/**
 * What Prometheus reads (the only file that knows prom-client). Owns a registry of its own; the composition root makes and
 * closes it. Names follow Prometheus's rules: base units, `_total` for counters. What is unknown has no sample, never 0.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What is read at the moment of a scrape; null is unknown. Figures of time are milliseconds. */
export interface MetricsReading {
  readonly channels: readonly ChannelReading[];
  readonly liveCameras: readonly number[];
  /** Frames since the start of the service, by camera. */
  readonly frames: readonly number[];
  readonly guardLevel: string;
  /** Its place on the ladder: 0 is normal, the last is stopped. */
  readonly guardRung: number;
  readonly guardWarnings: readonly string[];
  readonly viewers: number;
  readonly resources: MetricsResources | null;
  readonly recording: MetricsRecording;
}

export interface ChannelReading {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly lastFrameAt: number | null;
  readonly frameAgeMs: number | null;
  /** Percent by window. */
  readonly availability: Readonly<Record<string, number | null>>;
}

export interface MetricsRecording {
  readonly cameras: readonly {
    readonly camera: number;
    readonly wanted: boolean;
    readonly recording: boolean;
    readonly files: number | null;
    readonly bytes: number | null;
  }[];
  /** Why nothing is recorded although it should be. */
  readonly problem: { readonly code: string } | null;
  readonly freeBytes: number | null;
}

export interface MetricsResources {
  readonly cpuPercent: number | null;
  readonly ownCpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly memoryBytes: number | null;
  readonly ownMemoryBytes: number | null;
  readonly temperatureC: number | null;
  readonly throttling: { readonly now: Readonly<Record<string, boolean | null>> } | null;
  readonly loopDelayMs: number | null;
  readonly liveBytes: number | null;
  readonly freeLiveBytes: number | null;
  readonly freeDiskBytes: number | null;
}

export interface MetricsOptions {
  readonly version: string;
  readonly driver: string;
  readonly read: () => MetricsReading;
}

const prefix = "smart_toggle_";
const guardLevels = ["normal", "reduced", "stopped"] as const;
/** Around the budgets: a switch of 1.8 s in the median and 2.5 s at most, 5 s until it is rolled back. */
const switchBuckets = [0.5, 0.8, 1.1, 1.4, 1.8, 2.5, 3.5, 5, 10];
/** Around the budget of 20 ms. */
const latencyBuckets = [0.002, 0.004, 0.008, 0.012, 0.02, 0.05, 0.1, 0.25, 1];
/** Node's own measure of its loop wakes it so often; the default, 10 ms, costs more than it tells. In ms. */
const loopPrecisionMs = 100;

export class Metrics {
  readonly #read: () => MetricsReading;
  readonly #registry = new Registry();

  readonly #buildInfo = this.#gauge("build_info", "Version and camera driver", ["version", "driver"]);
  readonly #frames = this.#counter("camera_frames_total", "Whole frames received", ["camera"]);
  readonly #liveCamera = this.#gauge("camera_live", "1 for each camera that is shown", ["camera"]);
  readonly #lastFrame = this.#gauge("channel_last_frame_timestamp_seconds", "Arrival of the newest frame", ["channel"]);
  readonly #frameAge = this.#gauge("channel_frame_age_seconds", "Age of the newest frame", ["channel"]);
  readonly #switches = this.#counter("switches_total", "Switches that ended", ["outcome", "trigger"]);
  readonly #switchTime = this.#histogram("switch_duration_seconds", "From request to end", switchBuckets, ["outcome"]);
  readonly #guardLevel = this.#gauge("guard_level", "1 for the level that the guard is at", ["level"]);
  readonly #guardRung = this.#gauge(
    "guard_rung",
    "0 normal, 1 single, 2 slower, 3 smaller, 4 MJPEG off, 5 warm off, 6 stopped",
  );
  readonly #guardChanges = this.#counter("guard_changes_total", "Changes of the guard's rung", ["rung"]);
  readonly #guardWarning = this.#gauge("guard_warning", "1 for each warning that stands", ["reason"]);
  readonly #restarts = this.#counter("encoder_restarts_total", "Encoders that ended by themselves", ["channel"]);
  readonly #parts = this.#counter("parts_published_total", "Parts in the playlist", ["channel"]);
  readonly #latency = this.#histogram(
    "part_latency_seconds",
    "From the encoder's last write to a part to its place in the playlist",
    latencyBuckets,
    ["channel"],
  );
  readonly #viewers = this.#gauge(
    "playlist_viewers",
    "Those who watch: players of the last seconds, MJPEG viewers, and who asked for a snapshot",
  );
  readonly #cpu = this.#gauge("host_cpu_ratio", "Share of all cores in use");
  readonly #ownCpu = this.#gauge("own_cpu_ratio", "Share of all cores that our processes use");
  readonly #memory = this.#gauge("host_memory_used_ratio", "Share of the memory that is not available");
  readonly #memoryBytes = this.#gauge("host_memory_bytes", "Memory of the machine");
  readonly #ownMemory = this.#gauge("own_memory_bytes", "Proportional set size of our processes");
  readonly #temperature = this.#gauge("host_temperature_celsius", "Of the hottest sensor");
  readonly #throttled = this.#gauge("host_throttled", "1 while the firmware says so", ["reason"]);
  readonly #loopDelay = this.#gauge("loop_delay_seconds", "Longest delay of the event loop in the last second");
  readonly #liveBytes = this.#gauge("live_media_bytes", "Live media on tmpfs");
  readonly #freeLive = this.#gauge("live_media_free_bytes", "Free space for live media");
  readonly #freeDisk = this.#gauge("state_disk_free_bytes", "Free space on the disk of the state folder");
  readonly #gaps = this.#counter("gaps_total", "Gaps in the picture that ended", ["channel", "reason"]);
  readonly #gapTime = this.#counter("gap_seconds_total", "Time without a fresh picture", ["channel", "reason"]);
  readonly #availability = this.#gauge("availability_ratio", "Time with a fresh picture, planned gaps apart", [
    "channel",
    "window",
  ]);
  readonly #recording = this.#gauge("recording_active", "1 while the camera is recorded", ["camera"]);
  readonly #recordingWanted = this.#gauge("recording_wanted", "1 while it is to be recorded", ["camera"]);
  readonly #recordingFiles = this.#gauge("recording_files", "Finished recordings", ["camera"]);
  readonly #recordingBytes = this.#gauge("recording_bytes", "Size of the finished recordings", ["camera"]);
  readonly #recordingProblem = this.#gauge("recording_problem", "1 for what holds recording up", ["reason"]);
  readonly #recordingFree = this.#gauge("recording_disk_free_bytes", "Free space on the disk of the recordings");
  readonly #incidents = this.#counter("incidents_total", "Incidents", ["kind"]);

  constructor({ version, driver, read }: MetricsOptions) {
    this.#read = read;
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: loopPrecisionMs });
    this.#buildInfo.set({ version, driver }, 1);
  }

  /** Of the text that `text` answers. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Names of all metrics, whether they have samples or not. */
  names(): string[] {
    return this.#registry.getMetricsAsArray().map(({ name }) => name);
  }

  /** Everything now, in Prometheus's text format. */
  text(): Promise<string> {
    this.#take(this.#read());
    return this.#registry.metrics();
  }

  switched(outcome: string, trigger: string, ms: number): void {
    this.#switches.inc({ outcome, trigger });
    this.#switchTime.observe({ outcome }, ms / 1000);
  }

  partPublished(channel: string, latencyMs: number): void {
    this.#parts.inc({ channel });
    this.#latency.observe({ channel }, Math.max(0, latencyMs) / 1000);
  }

  /** To this rung. */
  guardChanged(rung: string): void {
    this.#guardChanges.inc({ rung });
  }

  encoderRestarted(channel: string): void {
    this.#restarts.inc({ channel });
  }

  gapEnded(channel: string, reason: string, ms: number): void {
    this.#gaps.inc({ channel, reason });
    this.#gapTime.inc({ channel, reason }, ms / 1000);
  }

  incident(kind: string): void {
    this.#incidents.inc({ kind });
  }

  /** Takes nothing more; what watches the loop for the default metrics ends with the process. */
  close(): void {
    this.#registry.clear();
  }

  #take(now: MetricsReading): void {
    this.#frames.reset();
    this.#liveCamera.reset();
    for (const [camera, frames] of now.frames.entries()) {
      this.#frames.inc({ camera }, frames);
      this.#liveCamera.set({ camera }, now.liveCameras.includes(camera) ? 1 : 0);
    }
    for (const channel of now.channels) this.#takeChannel(channel);
    for (const level of guardLevels) this.#guardLevel.set({ level }, level === now.guardLevel ? 1 : 0);
    this.#guardRung.set(now.guardRung);
    this.#guardWarning.reset();
    for (const reason of now.guardWarnings) this.#guardWarning.set({ reason }, 1);
    this.#viewers.set(now.viewers);
    this.#takeResources(now.resources);
    this.#takeRecording(now.recording);
  }

  #takeChannel({ name: channel, lastFrameAt, frameAgeMs, availability }: ChannelReading): void {
    setOrNone(this.#lastFrame, lastFrameAt, 1 / 1000, { channel });
    setOrNone(this.#frameAge, frameAgeMs, 1 / 1000, { channel });
    for (const [window, percent] of Object.entries(availability)) {
      setOrNone(this.#availability, percent, 1 / 100, { channel, window });
    }
  }

  #takeRecording({ cameras, problem, freeBytes }: MetricsRecording): void {
    for (const { camera, wanted, recording, files, bytes } of cameras) {
      const labels = { camera: String(camera) };
      this.#recording.set(labels, recording ? 1 : 0);
      this.#recordingWanted.set(labels, wanted ? 1 : 0);
      setOrNone(this.#recordingFiles, files, 1, labels);
      setOrNone(this.#recordingBytes, bytes, 1, labels);
    }
    this.#recordingProblem.reset();
    if (problem !== null) this.#recordingProblem.set({ reason: problem.code }, 1);
    setOrNone(this.#recordingFree, freeBytes);
  }

  #takeResources(now: MetricsResources | null): void {
    setOrNone(this.#cpu, now?.cpuPercent, 1 / 100);
    setOrNone(this.#ownCpu, now?.ownCpuPercent, 1 / 100);
    setOrNone(this.#memory, now?.memoryPercent, 1 / 100);
    setOrNone(this.#memoryBytes, now?.memoryBytes);
    setOrNone(this.#ownMemory, now?.ownMemoryBytes);
    setOrNone(this.#temperature, now?.temperatureC);
    setOrNone(this.#loopDelay, now?.loopDelayMs, 1 / 1000);
    setOrNone(this.#liveBytes, now?.liveBytes);
    setOrNone(this.#freeLive, now?.freeLiveBytes);
    setOrNone(this.#freeDisk, now?.freeDiskBytes);
    this.#throttled.reset();
    for (const [reason, stands] of Object.entries(now?.throttling?.now ?? {})) {
      if (stands !== null) this.#throttled.set({ reason }, stands ? 1 : 0);
    }
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name: prefix + name, help, labelNames, registers: [this.#registry] });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name: prefix + name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ name: prefix + name, help, buckets, labelNames, registers: [this.#registry] });
  }
}

/** Sets a gauge in its base unit, or takes its sample away. */
function setOrNone<Label extends string>(
  gauge: Gauge<Label>,
  value: number | null | undefined,
  factor = 1,
  labels: Partial<Record<Label, string>> = {},
): void {
  if (value === null || value === undefined) gauge.remove(labels);
  else gauge.set(labels, value * factor);
}
