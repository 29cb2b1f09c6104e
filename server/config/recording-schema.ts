import { z } from "zod";
import { byHandSchema, recordingPlanSchema } from "./recording-plan.js";

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

export const recordingSchema = z.strictObject({
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
