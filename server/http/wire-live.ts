/** What goes over the wire about MJPEG viewers and snapshots; a part of wire.ts, under the same rules. */
import { z } from "zod";
import { problemSchema } from "./wire.js";

const count = (description: string) => z.number().int().meta({ description });

/** One viewer of an MJPEG stream. */
export const liveClientSchema = z.object({
  id: z.number().int(),
  address: z.string().meta({ description: "The network address it watches from" }),
  camera: z
    .union([z.number().int(), z.literal("active")])
    .meta({ description: "Camera number, or whichever camera is live" }),
  since: z.number().meta({ description: "Milliseconds since the Unix epoch" }),
  frames: count("Frames sent, whole"),
  dropped: count("Whole frames it was too slow for"),
  bytes: count("Bytes of the frames sent"),
});
export type LiveClient = z.infer<typeof liveClientSchema>;

export const liveClientsSchema = z.object({
  limit: count("Viewers of one picture size at the same time"),
  clients: z.array(liveClientSchema),
});
export type LiveClients = z.infer<typeof liveClientsSchema>;

export const liveClientClosedSchema = z.object({ closed: z.literal(true) });

/** Problem `viewersFull`: with those who have the places, and for how many milliseconds. */
export const viewersFullProblemSchema = problemSchema.extend({
  holders: z.array(z.object({ address: z.string(), sinceMs: z.number() })),
});
export type ViewersFullProblem = z.infer<typeof viewersFullProblemSchema>;
