/** What goes over the wire about protection: figures, guard, incidents, gaps, counts, drills. Part of wire.ts. */
import { z } from "zod";

const epochMs = z.number().meta({ description: "Milliseconds since the Unix epoch" });
const durationMs = z.number().meta({ description: "Milliseconds" });
const cameraNumber = z.number().int().min(0).max(7);
const percent = (description: string) => z.number().meta({ description, unit: "percent" });

const flag = (description: string) => z.boolean().nullable().meta({ description });

/**
 * The bits of `vcgencmd get_throttled`, now or since the start of the machine. Null is unknown: without vcgencmd, the
 * kernel still tells of the voltage.
 */
export const throttlingSchema = z.object({
  underVoltage: flag("The power supply is too weak"),
  frequencyCapped: flag("The processor's frequency is held down"),
  throttled: flag("The processor is slowed down"),
  softTemperatureLimit: flag("The soft temperature limit is reached"),
});
export type Throttling = z.infer<typeof throttlingSchema>;

/** Figures of the machine; null is unknown, never zero, and `unknown` says why. */
export const resourcesSchema = z.object({
  at: epochMs,
  cpuPercent: percent("Share of all cores").nullable(),
  ownCpuPercent: percent("Our processes' share of all cores").nullable(),
  memoryPercent: percent("Share of the memory that is not available").nullable(),
  memoryBytes: z.number().nullable().meta({ description: "Memory of the machine" }),
  ownMemoryBytes: z.number().nullable().meta({ description: "PSS of our processes, simulated cameras apart" }),
  temperatureC: z.number().nullable().meta({ description: "Of the hottest sensor" }),
  throttling: z.object({ now: throttlingSchema, sinceBoot: throttlingSchema }).nullable(),
  loopDelayMs: durationMs
    .nullable()
    .meta({ description: "Longest delay of the controller's event loop in the last second" }),
  liveBytes: z.number().nullable().meta({ description: "Live media on tmpfs" }),
  freeLiveBytes: z.number().nullable().meta({ description: "Free bytes of the tmpfs of live media" }),
  freeDiskBytes: z.number().nullable().meta({ description: "Free bytes on the disk of the state folder" }),
  /** A drill states figures that are not the machine's: those named here. */
  simulated: z.array(z.string()),
  /** Why a figure is null, by its name. */
  unknown: z.record(z.string(), z.string()),
});
export type Resources = z.infer<typeof resourcesSchema>;

/** The figures that are plotted, one row for each second, oldest first. */
export const resourceHistorySchema = z.object({
  intervalMs: durationMs,
  samples: z.array(
    z.object({
      at: epochMs,
      cpuPercent: z.number().nullable(),
      ownCpuPercent: z.number().nullable(),
      memoryPercent: z.number().nullable(),
      ownMemoryBytes: z.number().nullable(),
      temperatureC: z.number().nullable(),
    }),
  ),
});
export type ResourceHistory = z.infer<typeof resourceHistorySchema>;

export const guardLevels = ["normal", "reduced", "stopped"] as const;
/** The ladder: what is between `normal` and `stopped` is the level `reduced`. */
export const guardRungs = ["normal", "single", "slower", "smaller", "mjpegOff", "warmOff", "stopped"] as const;
export const guardFigures = ["temperature", "cpu", "memory", "throttling"] as const;

/** The figure that moved the guard, and the threshold it crossed. */
export const guardReasonSchema = z.object({
  figure: z.enum(guardFigures),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  message: z.string(),
});

/** A warning changes no picture; it stands as long as its cause does. */
export const guardWarningCodes = [
  "ownCpu",
  "ownMemory",
  "underVoltage",
  "throttled",
  "liveSpaceLow",
  "diskSpaceLow",
  "stateUnwritable",
] as const;
export const guardWarningSchema = z.object({
  code: z.enum(guardWarningCodes),
  since: epochMs,
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  message: z.string(),
});

export const guardViewSchema = z.object({
  level: z.enum(guardLevels),
  rung: z.enum(guardRungs),
  since: epochMs,
  /** Why it is not `normal`; null when it is. */
  reason: guardReasonSchema.nullable(),
  /** Time until one step back, if the figures stay low; null while they do not, or at `normal`. */
  backInMs: durationMs.nullable(),
  warnings: z.array(guardWarningSchema),
});
export type GuardView = z.infer<typeof guardViewSchema>;

export const incidentKinds = [
  "guard",
  "camera",
  "encoder",
  "nginx",
  "controller",
  "storage",
  "power",
  "budget",
] as const;
export const severities = ["info", "warning", "error"] as const;

/** Something that a person who looks after the cameras would want to know of later. */
export const incidentSchema = z.object({
  id: z.number().int(),
  at: epochMs,
  /** Null while it lasts; equal to `at` for what is only a moment. */
  endedAt: epochMs.nullable(),
  kind: z.enum(incidentKinds),
  code: z.string().meta({ description: "Stable" }),
  severity: z.enum(severities),
  camera: cameraNumber.nullable(),
  /** What happened, what was done, and what a person must do, if anything. */
  message: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** Incidents, newest first; `next` is the `before` of the following page, null on the last. */
export const incidentPageSchema = z.object({ incidents: z.array(incidentSchema), next: z.number().int().nullable() });
export type IncidentPage = z.infer<typeof incidentPageSchema>;

/** A time in which a channel had no fresh frame. */
export const gapSchema = z.object({
  id: z.number().int(),
  channel: z.string(),
  camera: cameraNumber.nullable(),
  from: epochMs,
  to: epochMs.nullable().meta({ description: "Null while it lasts" }),
  ms: durationMs.meta({ description: "Length on the monotonic clock, so far" }),
  code: z.string().meta({ description: "Stable" }),
  message: z.string(),
  /** Somebody asked for it (a switch, turning off, a stop of the service): it does not count against availability. */
  planned: z.boolean(),
});
export type Gap = z.infer<typeof gapSchema>;
export const gapPageSchema = z.object({ gaps: z.array(gapSchema), next: z.number().int().nullable() });
export type GapPage = z.infer<typeof gapPageSchema>;

/** Of the time that the cameras were meant to be on: the share with a fresh frame, planned gaps apart. */
export const availabilitySpanSchema = z.object({
  percent: percent("Null when nothing was to be observed").nullable(),
  observedMs: durationMs,
  missingMs: durationMs,
  plannedMs: durationMs,
  gaps: z.number().int().meta({ description: "Gaps that nobody asked for" }),
});
const availabilitySpans = {
  hour: availabilitySpanSchema,
  day: availabilitySpanSchema,
  month: availabilitySpanSchema.meta({ description: "30 days" }),
};
/** Of the channel `main`, and of each camera's own while dual mode was wanted; those never wanted are left out. */
export const availabilitySchema = z.object({
  ...availabilitySpans,
  cameras: z.array(z.object({ camera: cameraNumber, channel: z.string(), ...availabilitySpans })),
});
export type Availability = z.infer<typeof availabilitySchema>;

/** Counts of one hour, for operators (B4); kept for 30 days. */
export const hourCountsSchema = z.object({
  at: epochMs.meta({ description: "Begin of the hour, UTC" }),
  switches: z.number().int(),
  switchesCommitted: z.number().int(),
  cpuOverSeconds: z.number(),
  temperatureOverSeconds: z.number(),
  memoryOverSeconds: z.number(),
  reducedSeconds: z.number(),
  stoppedSeconds: z.number(),
  viewersMost: z.number().int(),
  viewerSeconds: z.number(),
});
export const countsSchema = z.object({ hours: z.array(hourCountsSchema) });
export type HourCounts = z.infer<typeof hourCountsSchema>;
export type Counts = z.infer<typeof countsSchema>;

export const drillNames = ["killSource", "killEncoder", "switchUnderLoad", "freezeSource", "overheat"] as const;
export type DrillName = (typeof drillNames)[number];

export const drillResultSchema = z.object({
  name: z.enum(drillNames),
  outcome: z.enum(["passed", "failed", "skipped", "running", "waiting"]),
  /** From the failure to a fresh picture in the playlist. */
  pictureMs: durationMs.nullable(),
  limitMs: durationMs.meta({ description: "It may take so long" }),
  note: z.string(),
});
export const drillViewSchema = z.object({
  startedAt: epochMs,
  endedAt: epochMs.nullable(),
  results: z.array(drillResultSchema),
});
export type DrillResult = z.infer<typeof drillResultSchema>;
export type DrillView = z.infer<typeof drillViewSchema>;
/** Which drills to run; none named: all. They run in the order of `drillNames`. */
export const drillRequestSchema = z.strictObject({ names: z.array(z.enum(drillNames)).max(20).exactOptional() });
