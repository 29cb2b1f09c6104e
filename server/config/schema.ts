import { z } from "zod";
import { guardSchema } from "./guard-schema.js";
import { accessSchema, httpSchema, nginxSchema, tlsSchema } from "./http-schema.js";
import { profileSchema } from "./profile.js";
import { recordingSchema } from "./recording-schema.js";
import { milliseconds, program } from "./setting-kinds.js";

/** Automatic rotation among the cameras (A6). */
export const rotationSchema = z.strictObject({
  enabled: z.boolean().default(false).meta({ description: "Switch to the next camera by itself" }),
  seconds: z.number().int().min(5).max(86_400).default(30).meta({ description: "Time on each camera", unit: "s" }),
});

export type RotationSettings = z.infer<typeof rotationSchema>;

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
    http: httpSchema.prefault({}),
    access: accessSchema.prefault({}),
    nginx: nginxSchema.prefault({}),
    tls: tlsSchema.prefault({}),
    cameras: cameras.prefault({}),
    rotation: rotationSchema.prefault({}).meta({ runtime: true }),
    stream: stream.prefault({}),
    hls: hls.prefault({}),
    live: live.prefault({}),
    switch: switching.prefault({}),
    health: health.prefault({}),
    idle: idleSchema.prefault({}).meta({ runtime: true }),
    guard: guardSchema.prefault({}),
    recording: recordingSchema.prefault({}),
    log: log.prefault({}),
    paths: paths.prefault({}),
  })
  .meta({ title: "Smart Toggle settings" });

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;
