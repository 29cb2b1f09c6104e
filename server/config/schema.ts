import { z } from "zod";
import { basePathSchema } from "./base-path.js";
import { networksSchema } from "./networks-schema.js";
import { profileSchema } from "./profile.js";
import { byHandSchema, recordingPlanSchema } from "./recording-plan.js";

const milliseconds = (fallback: number, min: number, max: number, description: string) =>
  z.number().int().min(min).max(max).default(fallback).meta({ description, unit: "ms" });
const port = (fallback: number, description: string) =>
  z.number().int().min(1).max(65_535).default(fallback).meta({ description });
const program = (fallback: string, description: string) =>
  z
    .string()
    .min(1)
    .default(fallback)
    .meta({ description: `${description}: a name on the PATH or an absolute path` });

/** Automatic rotation among the cameras (A6). */
export const rotationSchema = z.strictObject({
  enabled: z.boolean().default(false).meta({ description: "Switch to the next camera by itself" }),
  seconds: z.number().int().min(5).max(86_400).default(30).meta({ description: "Time on each camera", unit: "s" }),
});

export type RotationSettings = z.infer<typeof rotationSchema>;

const http = z.strictObject({
  port: port(8002, "Port of the controller, on loopback only; NGINX stands before it"),
  hosts: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: "Further names this service is reached by, beside its own name and addresses" }),
  basePath: basePathSchema,
  trustedProxies: networksSchema(
    "Proxies in front of NGINX whose X-Forwarded-For, -Proto and -Host are believed; no others'",
  ),
});

/** What is settled while the service runs, too. */
export const allowSchema = z.strictObject({
  allow: networksSchema("Addresses and networks that are let in, beside the machine itself; empty: all").meta({
    runtime: true,
  }),
});

const access = z.strictObject({
  auth: z.enum(["off", "accounts"]).default("off").meta({
    description: "accounts: everybody signs in; off: whoever reaches the page may do everything, and it says so",
  }),
  sessionHours: z
    .number()
    .int()
    .min(1)
    .max(8760)
    .default(720)
    .meta({ description: "How long somebody stays signed in", unit: "h" }),
  ...allowSchema.shape,
});

const nginx = z.strictObject({
  managed: z.boolean().default(true).meta({
    description: "Run NGINX as a child; false: a system NGINX uses the output of `smart-toggle nginx-config`",
  }),
  port: port(8001, "Public port"),
  address: z.string().min(1).default("*").meta({ description: "Public address to listen on; *: all" }),
  verifyPort: port(8003, "Loopback port through which the controller itself reads the public playlist"),
  program: program("nginx", "NGINX"),
});

const file = (description: string) => z.string().min(1).nullable().default(null).meta({ description });

const tls = z.strictObject({
  mode: z.enum(["off", "self-made", "files"]).default("off").meta({
    description: "self-made: a certificate for this machine's names and addresses; files: those named below",
  }),
  port: port(8443, "Public port with TLS; nginx.port then only sends browsers there"),
  certificateFile: file("PEM file of the certificate with its chain, for mode files"),
  keyFile: file("PEM file of its key, readable by the service alone, for mode files"),
});

const simulated = z.strictObject({
  count: z.number().int().min(0).max(8).default(2).meta({ description: "Number of simulated cameras" }),
  startMs: milliseconds(500, 0, 60_000, "Time a simulated camera takes to its first frame"),
  stopMs: milliseconds(250, 0, 60_000, "Time a simulated camera takes to stop"),
  directory: z
    .string()
    .nullable()
    .default(null)
    .meta({ description: "Folder of the simulated cameras' locks and faults; null: below paths.live" }),
});

const cameras = z.strictObject({
  driver: z
    .enum(["auto", "rpicam", "simulated"])
    .default("auto")
    .meta({ description: "auto: rpicam-vid where it exists and finds cameras, else simulated cameras" }),
  order: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: "Camera ids in the order of their numbers; empty: as found", runtime: true }),
  profiles: z
    .record(z.string().regex(/^[0-7]$/, "must be a camera number from 0 to 7"), profileSchema)
    .default({})
    .meta({ description: "Profile of each camera by its number", runtime: true }),
  vidProgram: program("rpicam-vid", "rpicam-vid"),
  helloProgram: program("rpicam-hello", "rpicam-hello"),
  stillProgram: program("rpicam-still", "rpicam-still"),
  simulated: simulated.prefault({}),
});

const stream = z.strictObject({
  slateAfterMs: milliseconds(
    5000,
    1000,
    600_000,
    "How long the last frame stands before a slate says that the camera is gone",
  ),
  ffmpegProgram: program("ffmpeg", "ffmpeg"),
  encoder: z.enum(["auto", "libx264", "h264_v4l2m2m"]).default("auto").meta({
    description: "auto: the hardware's encoder (h264_v4l2m2m) where it encodes a second at the start, else libx264",
  }),
});

const hls = z.strictObject({
  windowSeconds: z.number().int().min(4).max(60).default(10).meta({ description: "Length of the playlist", unit: "s" }),
  keepSeconds: z
    .number()
    .int()
    .min(30)
    .max(600)
    .default(30)
    .meta({ description: "How long media stay after they left the playlist", unit: "s" }),
});

const live = z.strictObject({
  mjpeg: z
    .strictObject({
      maxClients: z
        .number()
        .int()
        .min(1)
        .max(50)
        .default(2)
        .meta({ description: "MJPEG viewers of one picture size at the same time; one more is refused" }),
    })
    .prefault({}),
});

/** What is deleted by itself, and when. */
export const retentionSchema = z.strictObject({
  keepDays: z.number().min(0.01).max(3650).nullable().default(30).meta({
    description: "Recordings older than this are deleted; null: never for their age",
    unit: "days",
    runtime: true,
  }),
  maxGb: z.number().min(0.001).max(100_000).nullable().default(null).meta({
    description: "Most that the recordings of one camera may take; null: no limit",
    unit: "GB",
    runtime: true,
  }),
  minFreeHours: z.number().min(0).max(1000).default(1).meta({
    description: "The oldest recordings are deleted so that so many hours of recording fit on the disk",
    unit: "h",
    runtime: true,
  }),
  // Above the warning of 1 GB, so that a disk which recordings keep full is none to be warned of.
  minFreeMb: z.number().min(0).max(1_000_000).default(1500).meta({
    description: "The oldest recordings are deleted below this much free space; there is a warning below 1000",
    unit: "MB",
    runtime: true,
  }),
});

const recording = z.strictObject({
  directory: z.string().min(1).default("recordings").meta({ description: "Folder of the recordings" }),
  tier: z.enum(["disk", "memory"]).default("disk").meta({
    description:
      "Where a file is kept until it is finished. disk: a power cut costs a second; memory: it costs the file, a memory card is spared",
  }),
  memoryMb: z
    .number()
    .int()
    .min(20)
    .max(4000)
    .default(200)
    .meta({ description: "Most memory for unfinished files, with tier memory", unit: "MB" }),
  fileSeconds: z.number().int().min(5).max(600).default(30).meta({ description: "Length of a file", unit: "s" }),
  ...retentionSchema.shape,
  ...byHandSchema.shape,
  playbackMb: z
    .number()
    .int()
    .min(8)
    .max(1024)
    .default(48)
    .meta({ description: "Memory (tmpfs) for what players of recordings get", unit: "MB" }),
  plans: z
    .record(z.string().regex(/^[0-7]$/, "must be a camera number from 0 to 7"), recordingPlanSchema)
    .default({})
    .meta({ description: "When each camera is recorded, by its number", runtime: true }),
});

const switching = z.strictObject({
  standby: z.enum(["cold", "warm"]).default("cold").meta({
    description: "warm: the next camera runs too, paused, so that a switch takes no start; costs its power and heat",
  }),
  deadlineMs: milliseconds(5000, 1000, 60_000, "A switch that is not committed by then is rolled back"),
  settleMs: milliseconds(0, 0, 10_000, "Extra wait after a camera was released"),
  stopMs: milliseconds(1000, 100, 30_000, "How long a camera may take to stop after SIGINT"),
  terminateMs: milliseconds(300, 50, 30_000, "How long it may take after SIGTERM, before SIGKILL"),
  drainMs: milliseconds(500, 50, 30_000, "How long the release of a camera may take to be proven"),
  firstFrameMs: milliseconds(4000, 500, 60_000, "How long a camera may take to its first frame"),
  handOverMs: milliseconds(300, 50, 10_000, "How long the former encoder may take to end"),
  verifyMs: milliseconds(2000, 200, 30_000, "How long the playlist may take to show the new camera"),
});

const health = z.strictObject({
  stallMs: milliseconds(1500, 500, 60_000, "A source or an encoder silent for so long is restarted"),
  frozenMs: milliseconds(3000, 1000, 60_000, "Identical frames for so long are a frozen picture"),
});

const percent = (fallback: number, description: string) =>
  z.number().min(1).max(100).default(fallback).meta({ description, unit: "percent" });
const celsius = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description, unit: "°C" });
const seconds = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description, unit: "s" });

/** When nobody watches (H4). */
export const idleSchema = z.strictObject({
  stopAfterSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .meta({ description: "Rest after so long without anybody who watches or records; 0: never", unit: "s" }),
});

const guard = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .meta({ description: "Reduce and stop the picture when the device is too hot or overloaded" }),
  cpuPercent: percent(
    85,
    "CPU of the whole device, averaged over cpuSeconds, above which the picture is reduced; 100: never",
  ),
  cpuSeconds: seconds(10, 1, 300, "Time over which the CPU and the memory are averaged"),
  memoryPercent: percent(90, "Memory of the whole device in use above which the picture is reduced; 100: never"),
  temperatureReduceC: celsius(75, 30, 110, "Temperature from which the picture is reduced"),
  temperatureStopC: celsius(80, 31, 115, "Temperature from which the picture is stopped"),
  temperatureBackC: celsius(5, 1, 30, "The way back begins so far below temperatureReduceC"),
  percentBack: percent(15, "The way back begins so far below cpuPercent and memoryPercent"),
  stopSeconds: seconds(3, 0, 60, "Time above temperatureStopC until the picture is stopped"),
  stepSeconds: seconds(10, 1, 300, "Time that one step is given to help before the next one is taken"),
  lastStepSeconds: seconds(30, 1, 600, "Time on the last reduced step, still overloaded, until the picture is stopped"),
  backSeconds: seconds(
    30,
    1,
    3600,
    "Time of low figures until one step back; doubles with each relapse, to 10 minutes",
  ),
  ownCpuPercent: percent(50, "CPU of our own processes above which there is a warning (A9)"),
  ownMemoryMb: z
    .number()
    .min(50)
    .max(64_000)
    .default(500)
    .meta({ description: "Memory (PSS) of our own processes above which there is a warning (A9)", unit: "MB" }),
  sysfs: z.string().min(1).default("/sys").meta({ description: "Where sysfs is mounted: temperature and voltage" }),
  vcgencmdProgram: program("vcgencmd", "vcgencmd, which tells of throttling on a Raspberry Pi"),
});

const log = z.strictObject({
  level: z
    .enum(["error", "warn", "info", "debug"])
    .default("info")
    .meta({ description: "Least severity that is logged" }),
  format: z.enum(["pretty", "json"]).default("pretty").meta({ description: "Form of a log line" }),
});

const paths = z.strictObject({
  state: z.string().min(1).default("state").meta({ description: "Folder of what survives a restart" }),
  live: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .meta({ description: "Folder of live media, on tmpfs; null: /dev/shm/smart-toggle-PORT" }),
  web: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .meta({ description: "Folder of the built page; null: the one beside the program" }),
});

/** Every setting of the product, with its text, unit, range and default. Unknown keys are errors. */
export const settingsSchema = z
  .strictObject({
    http: http.prefault({}),
    access: access.prefault({}),
    nginx: nginx.prefault({}),
    tls: tls.prefault({}),
    cameras: cameras.prefault({}),
    rotation: rotationSchema.prefault({}).meta({ runtime: true }),
    stream: stream.prefault({}),
    hls: hls.prefault({}),
    live: live.prefault({}),
    switch: switching.prefault({}),
    health: health.prefault({}),
    idle: idleSchema.prefault({}).meta({ runtime: true }),
    guard: guard.prefault({}),
    recording: recording.prefault({}),
    log: log.prefault({}),
    paths: paths.prefault({}),
  })
  .meta({ title: "Smart Toggle settings" });

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;
