import { z } from "zod";

const timeOfDay = (pattern: RegExp, must: string) => z.string().regex(pattern, must);

export const scheduleRowSchema = z.strictObject({
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7).meta({ description: "Days it begins on; 0 is Sunday" }),
  from: timeOfDay(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time from 00:00 to 23:59").meta({
    description: "By the clock of the device",
  }),
  to: timeOfDay(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be a time from 00:00 to 24:00").meta({
    description: "On the next day when it is not after `from`",
  }),
});

/** When a camera is recorded. */
export const recordingPlanSchema = z.strictObject({
  mode: z
    .enum(["off", "continuous", "manual", "schedule"])
    .default("manual")
    .meta({ description: "When the camera is recorded; off: never, not even by hand" }),
  schedule: z.array(scheduleRowSchema).max(50).default([]).meta({ description: "Weekly table for the mode schedule" }),
});

/** Of recordings that somebody starts by hand. */
export const byHandSchema = z.strictObject({
  handLimitSeconds: z
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .nullable()
    .default(null)
    .meta({
      description: "A recording started by hand ends by itself after so long; null: when somebody stops it",
      unit: "s",
      runtime: true,
    }),
});

export type RecordingPlan = z.infer<typeof recordingPlanSchema>;

export const defaultRecordingPlan: RecordingPlan = recordingPlanSchema.parse({});
