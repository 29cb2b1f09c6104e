import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { afterEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../../server/lib/package-root.js";
import { Metrics, type MetricsReading } from "../../../server/ops/metrics.js";

const nothing: MetricsReading = {
  channels: [],
  liveCameras: [],
  frames: [],
  guardLevel: "normal",
  guardRung: 0,
  guardWarnings: [],
  viewers: 0,
  resources: null,
  recording: { cameras: [], problem: null, freeBytes: null },
};
const unseen = {
  ...{ name: "main", lastFrameAt: null, frameAgeMs: null },
  availability: { hour: null, day: null, month: null },
};

const unknown = {
  ...{ cpuPercent: null, ownCpuPercent: null, memoryPercent: null, memoryBytes: null, ownMemoryBytes: null },
  ...{ temperatureC: null, throttling: null, loopDelayMs: null, liveBytes: null, freeLiveBytes: null },
  freeDiskBytes: null,
};

let metrics: Metrics | undefined;
let reading = nothing;

afterEach(() => {
  metrics?.close();
  metrics = undefined;
});

function make(first: MetricsReading = nothing): Metrics {
  reading = first;
  return (metrics = new Metrics({ version: "1.2.3", driver: "simulated", read: () => reading }));
}

/** Our own samples, by name and labels. */
async function samples(of: Metrics): Promise<Map<string, number>> {
  const lines = (await of.text()).split("\n").filter((line) => line.startsWith("smart_toggle_"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

describe("metrics", () => {
  it("of recording: who is recorded, what it takes, what holds it up, and none of what is unknown", async () => {
    const camera = { camera: 0, wanted: true, recording: true, files: 3, bytes: 100 };
    const it = make({ ...nothing, recording: { cameras: [camera], problem: null, freeBytes: 5e9 } });
    const first = await samples(it);
    expect(first.get('smart_toggle_recording_active{camera="0"}')).toBe(1);
    expect(first.get('smart_toggle_recording_bytes{camera="0"}')).toBe(100);
    expect(first.get("smart_toggle_recording_disk_free_bytes")).toBe(5e9);
    const lost = { ...camera, recording: false, files: null, bytes: null };
    reading = { ...nothing, recording: { cameras: [lost], problem: { code: "diskFull" }, freeBytes: null } };
    const now = await samples(it);
    expect(now.get('smart_toggle_recording_problem{reason="diskFull"}')).toBe(1);
    expect(now.get('smart_toggle_recording_active{camera="0"}')).toBe(0);
    expect(now.has('smart_toggle_recording_bytes{camera="0"}')).toBe(false);
    expect(now.has("smart_toggle_recording_disk_free_bytes")).toBe(false);
  });

  it("what is unknown has no sample, not 0; also when it becomes unknown", async () => {
    const it = make({ ...nothing, channels: [unseen], resources: unknown });
    const names = [...(await samples(it)).keys()].map((name) => name.replace(/\{.*/, ""));
    for (const name of ["channel_last_frame_timestamp_seconds", "channel_frame_age_seconds", "availability_ratio"]) {
      expect(names).not.toContain(`smart_toggle_${name}`);
    }
    for (const name of ["host_cpu_ratio", "host_temperature_celsius", "own_memory_bytes", "host_throttled"]) {
      expect(names).not.toContain(`smart_toggle_${name}`);
    }
    reading = {
      ...nothing,
      channels: [{ ...unseen, frameAgeMs: 40, lastFrameAt: 1_700_000_000_000 }],
      resources: { ...unknown, temperatureC: 61 },
    };
    expect((await samples(it)).get("smart_toggle_host_temperature_celsius")).toBe(61);
    reading = { ...nothing, channels: [unseen] };
    expect((await samples(it)).has("smart_toggle_host_temperature_celsius")).toBe(false);
    expect((await samples(it)).has('smart_toggle_channel_frame_age_seconds{channel="main"}')).toBe(false);
  });

  it("gives base units", async () => {
    const throttling = { now: { underVoltage: true, throttled: false, frequencyCapped: null } };
    const found = await samples(
      make({
        ...nothing,
        liveCameras: [1],
        frames: [100, 7],
        channels: [
          {
            ...{ name: "main", lastFrameAt: 1_700_000_000_500, frameAgeMs: 40 },
            availability: { hour: 99.5, day: 100, month: null },
          },
          { ...unseen, name: "cam1", frameAgeMs: 70, availability: { hour: 50, day: null, month: null } },
        ],
        guardLevel: "reduced",
        guardRung: 2,
        guardWarnings: ["ownCpu"],
        viewers: 3,
        resources: { ...unknown, cpuPercent: 25, loopDelayMs: 12, throttling },
      }),
    );
    expect(Object.fromEntries(found)).toMatchObject({
      'smart_toggle_build_info{version="1.2.3",driver="simulated"}': 1,
      'smart_toggle_camera_frames_total{camera="0"}': 100,
      'smart_toggle_camera_frames_total{camera="1"}': 7,
      'smart_toggle_camera_live{camera="0"}': 0,
      'smart_toggle_camera_live{camera="1"}': 1,
      'smart_toggle_channel_last_frame_timestamp_seconds{channel="main"}': 1_700_000_000.5,
      'smart_toggle_channel_frame_age_seconds{channel="main"}': 0.04,
      'smart_toggle_guard_level{level="normal"}': 0,
      'smart_toggle_guard_level{level="reduced"}': 1,
      smart_toggle_guard_rung: 2,
      'smart_toggle_guard_warning{reason="ownCpu"}': 1,
      smart_toggle_playlist_viewers: 3,
      smart_toggle_host_cpu_ratio: 0.25,
      smart_toggle_loop_delay_seconds: 0.012,
      'smart_toggle_host_throttled{reason="underVoltage"}': 1,
      'smart_toggle_host_throttled{reason="throttled"}': 0,
      'smart_toggle_availability_ratio{channel="main",window="hour"}': 0.995,
      'smart_toggle_availability_ratio{channel="cam1",window="hour"}': 0.5,
      'smart_toggle_channel_frame_age_seconds{channel="cam1"}': 0.07,
    });
    expect(found.has('smart_toggle_host_throttled{reason="frequencyCapped"}')).toBe(false);
  });

  it("counts what happens", async () => {
    const it = make();
    it.switched("committed", "user", 1300);
    it.partPublished("main", 5);
    it.partPublished("main", -3);
    it.encoderRestarted("main");
    it.gapEnded("main", "cameraExited", 2500);
    it.incident("camera");
    it.guardChanged("smaller");
    expect(Object.fromEntries(await samples(it))).toMatchObject({
      'smart_toggle_switches_total{outcome="committed",trigger="user"}': 1,
      'smart_toggle_switch_duration_seconds_bucket{le="1.1",outcome="committed"}': 0,
      'smart_toggle_switch_duration_seconds_bucket{le="1.4",outcome="committed"}': 1,
      'smart_toggle_parts_published_total{channel="main"}': 2,
      'smart_toggle_part_latency_seconds_sum{channel="main"}': 0.005,
      'smart_toggle_encoder_restarts_total{channel="main"}': 1,
      'smart_toggle_gap_seconds_total{channel="main",reason="cameraExited"}': 2.5,
      'smart_toggle_incidents_total{kind="camera"}': 1,
      'smart_toggle_guard_changes_total{rung="smaller"}': 1,
    });
  });

  it("names follow Prometheus's rules", async () => {
    const text = await make().text();
    const types = [...text.matchAll(/^# TYPE (smart_toggle_\S+) (\w+)$/gm)];
    expect(types.length).toBeGreaterThan(25);
    for (const [, name = "", type] of types) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect([name, name.endsWith("_total")]).toEqual([name, type === "counter"]);
      expect(name).not.toMatch(/_(ms|mb|kb|percent|milliseconds|megabytes)\b/);
    }
  });

  it("reading costs less than 5 ms", async () => {
    const it = make({ ...nothing, frames: [1, 2], resources: unknown });
    await it.text();
    const timesMs: number[] = [];
    for (let n = 0; n < 20; n++) {
      const startMs = performance.now();
      await it.text();
      timesMs.push(performance.now() - startMs);
    }
    expect(timesMs.sort((a, b) => a - b)[10]).toBeLessThan(5);
  });
});

const folder = join(packageRoot, "docker");

interface Panel {
  readonly id: number;
  readonly targets: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

describe("the Grafana dashboard", () => {
  const read = (path: string): string => readFileSync(join(folder, path), "utf8");
  const dashboard = JSON.parse(read("grafana/dashboards/smart-toggle.json")) as { panels: Panel[] };

  it("asks only for metrics that exist", () => {
    const known = new Set(make().names());
    const asked = dashboard.panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/\b(?:smart_toggle|process|nodejs)_\w+/g)].map(([name]) => name)),
    );
    expect(asked.length).toBeGreaterThan(20);
    for (const name of asked) expect(known).toContain(name.replace(/_bucket$/, ""));
  });

  it("shows every metric of ours", () => {
    const text = JSON.stringify(dashboard);
    const ours = make()
      .names()
      .filter((name) => name.startsWith("smart_toggle_"));
    expect(ours.filter((name) => !text.includes(name))).toEqual([]);
  });

  it("has panels that do not overlap", () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  it("has alarms on metrics that exist", () => {
    const asked = read("prometheus/rules.yml").match(/\bsmart_toggle_\w+/g) ?? [];
    expect(asked.length).toBeGreaterThan(2);
    for (const name of asked) expect(make().names()).toContain(name);
  });

  it("is provisioned by YAML that can be read", async () => {
    const yaml = (path: string) => readdirSync(join(folder, path)).map((name) => join(path, name));
    const files = ["grafana/provisioning/datasources", "grafana/provisioning/dashboards", "prometheus"].flatMap(yaml);
    expect(files).toHaveLength(4);
    for (const file of [...files, "compose.yaml"])
      await expect(format(read(file), { parser: "yaml" })).resolves.toBeTruthy();
    expect(read("grafana/provisioning/datasources/prometheus.yaml")).toContain("uid: smart-toggle-prometheus");
    expect(read("prometheus/prometheus.yml")).toContain("metrics_path: /metrics");
  });
});
