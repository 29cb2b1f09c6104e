/** What stands beside an export and proves what it is made of. Pure. */
import { z } from "zod";

const time = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");

export const manifestSchema = z.object({
  format: z.literal("smart-toggle export 1"),
  /** Name of the export. */
  file: z.string(),
  camera: z.number().int(),
  createdAt: time,
  /** Of its first frame, and the end of its last one. */
  from: time,
  to: time,
  bytes: z.number().int(),
  sha256,
  /** In the order in which they were put together, with the hashes that the catalogue holds. */
  sources: z
    .array(
      z.object({
        id: z.number().int(),
        path: z.string(),
        from: time,
        to: time,
        bytes: z.number().int(),
        frames: z.number().int(),
        sha256: sha256.nullable(),
      }),
    )
    .min(1),
  /** Times within it in which nothing was recorded: the export goes on without them. */
  gaps: z.array(z.object({ from: time, to: time })),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Beside the export. */
export const manifestName = (file: string): string => `${file}.json`;
