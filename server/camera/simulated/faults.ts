import { rm } from "node:fs/promises";
import { z } from "zod";
import { writeAtomically } from "../../lib/atomic-file.js";
import { faultPath } from "./simulation.js";

const milliseconds = z.number().int().min(0).max(600_000);
/** The fault begins once the program has given so many frames since its start. */
const afterFrames = z.number().int().min(0).default(0);
const everyFrames = z.number().int().min(1).default(10);

/**
 * What can be wrong with a simulated camera: the content of `faults/camN.json`. A running program sees a change within
 * 50 ms; faults of the start (slowStart, neverStarts, busy) count when it starts.
 */
export const faultSchema = z.discriminatedUnion("kind", [
  /** The first frame comes so long after the start. */
  z.strictObject({ kind: z.literal("slowStart"), ms: milliseconds }),
  /** Runs and gives nothing. SIGINT does nothing, since rpicam-vid looks at it only between frames. */
  z.strictObject({ kind: z.literal("neverStarts") }),
  /** Stops giving frames and lives on, deaf to SIGINT like neverStarts. */
  z.strictObject({ kind: z.literal("hang"), afterFrames }),
  /** Gives the same JPEG for ever. */
  z.strictObject({ kind: z.literal("freeze"), afterFrames }),
  /** Ends by a signal, or by an exit code with an error text. */
  z.strictObject({
    kind: z.literal("die"),
    afterFrames,
    signal: z.enum(["SIGKILL", "SIGSEGV", "SIGABRT"]).nullable().default(null),
    code: z.number().int().min(0).max(255).default(255),
    text: z.string().default("failed to queue request"),
  }),
  /** Streams on after SIGINT; with `sigterm` after SIGTERM too. */
  z.strictObject({ kind: z.literal("ignoreSigint"), sigterm: z.boolean().default(false) }),
  /** Random bytes between frames. */
  z.strictObject({
    kind: z.literal("garbage"),
    bytes: z.number().int().min(1).max(1_000_000).default(1000),
    everyFrames,
  }),
  /** Only the first half of a frame. */
  z.strictObject({ kind: z.literal("torn"), everyFrames }),
  /** Frames of another size than asked for. */
  z.strictObject({ kind: z.literal("wrongSize"), width: z.number().int().min(16), height: z.number().int().min(16) }),
  /** Another program seems to hold the camera. */
  z.strictObject({ kind: z.literal("busy") }),
  /** Not found: the others move up. A program that streams it meanwhile restarts inside for ever. */
  z.strictObject({ kind: z.literal("gone") }),
  /** `Device timeout detected, attempting a restart!!!` once a second for ever, deaf to SIGINT. */
  z.strictObject({ kind: z.literal("restartLoop"), afterFrames }),
  /** Each frame up to so much later than due. */
  z.strictObject({ kind: z.literal("unevenRate"), jitterMs: milliseconds }),
]);

export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

/** Gives a simulated camera a fault, or takes it away. Throws a ZodError when the fault is malformed. */
export async function setFault(directory: string, camera: number, fault: FaultInput | null): Promise<void> {
  const path = faultPath(directory, camera);
  if (fault === null) await rm(path, { force: true });
  else await writeAtomically(path, JSON.stringify(faultSchema.parse(fault)));
}
