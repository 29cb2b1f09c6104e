import { z } from "zod";
import { localTime } from "../../lib/local-time.js";
import { cameraNumber } from "../camera-number.js";
import { wholeNumber } from "../page-query.js";
import { imageRoute, type ImageAnswer, type Route } from "../route.js";
import type { Snapshot, SmartToggleService } from "../service.js";

/** Local date and time, as a person would name a file: `20261121_144512`. */
function stamp(epochMs: number): string {
  return localTime(epochMs).replace(" ", "_").replace(/[-:]/g, "");
}

function headersOf({ camera, capturedAt, frameAgeMs, source }: Snapshot, download: boolean): ImageAnswer["headers"] {
  const name = `cam${camera}_${stamp(capturedAt)}.jpg`;
  return {
    // Kept to be compared only: the next one is another picture.
    "Cache-Control": "private, no-cache",
    "Content-Disposition": `${download ? "attachment" : "inline"}; filename="${name}"`,
    "X-Captured-At": capturedAt.toFixed(1),
    "X-Frame-Age-Ms": String(Math.round(frameAgeMs)),
    "X-Source": source,
  };
}

/** Single pictures (D2). */
export function snapshotRoutes({ liveViews: live }: SmartToggleService): Route[] {
  return [
    imageRoute({
      method: "get",
      path: "/api/snapshot/:camera",
      access: "viewer",
      summary: "One picture of a camera: the newest if it is live, its last one, or a still while none is live",
      params: z.object({ camera: z.string().meta({ description: "Camera number" }) }),
      query: z.object({
        w: wholeNumber("must be a width from 16 to 1920 pixels")
          .pipe(z.number().min(16).max(1920))
          .exactOptional()
          .meta({ description: "Width in pixels, from 16 to 1920; a picture is never enlarged" }),
        download: z.literal("1").exactOptional().meta({ description: "1: a file to be kept" }),
      }),
      answers: {
        200: {
          description: "JPEG; X-Source is live, kept or still, X-Frame-Age-Ms its age",
          contentType: "image/jpeg",
        },
        304: { description: "The picture that If-None-Match names", contentType: "image/jpeg" },
      },
      errors: [
        "badRequest",
        "unknownCamera",
        "modeForbids",
        "guardStopped",
        "notLive",
        "tooManyClients",
        "shuttingDown",
      ],
      async handle({ params, query, caller }) {
        const snapshot = await live.snapshot(cameraNumber(params.camera), caller.address);
        return {
          contentType: "image/jpeg",
          etag: `"${snapshot.tag}-${query.w ?? "full"}"`,
          headers: headersOf(snapshot, query.download === "1"),
          body: () => snapshot.inWidth(query.w),
        };
      },
    }),
  ];
}
