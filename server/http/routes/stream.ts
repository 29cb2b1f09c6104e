import { z } from "zod";
import type { Route } from "../route.js";

/** The MJPEG stream, described for completeness: stream-handler.ts answers it. */
export const streamRoutes: readonly Route[] = [
  {
    kind: "media",
    method: "get",
    path: "/stream",
    access: "viewer",
    summary: "The live picture as MJPEG; HEAD says in X-Frame-Age-Ms whether there is one, or in X-Problem why not",
    query: z.object({
      camera: z
        .string()
        .exactOptional()
        .meta({ description: "Camera number: ends when that camera is not live any more. `active`: follows switches" }),
    }),
    answers: {
      200: {
        description: "Frames, each with X-Camera, X-Frame-Number and X-Captured-At (milliseconds since the Unix epoch)",
        contentType: "multipart/x-mixed-replace; boundary=frame",
      },
    },
    errors: [
      "unknownCamera",
      "methodNotAllowed",
      "modeForbids",
      "viewersFull",
      "notLive",
      "guardStopped",
      "mjpegOff",
      "resting",
      "shuttingDown",
    ],
  },
];
