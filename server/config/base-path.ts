import { z } from "zod";

/** First names of our own addresses: below one of them a base path would be taken for it. */
const ownNames = ["api", "assets", "hls", "stream", "healthz", "readyz", "metrics"];

const isBasePath = (text: string): boolean =>
  /^\/(?:[A-Za-z0-9][A-Za-z0-9.~-]*\/)*$/.test(text) && !ownNames.includes(text.split("/")[1] ?? "");

/** A path with a slash at both ends, of letters that mean nothing else to NGINX or a cookie. */
export const basePathSchema = z
  .string()
  .refine(
    isBasePath,
    `must be / or begin and end with a slash, such as /cctv/, and not with one of ${ownNames.join(", ")}`,
  )
  .default("/")
  .meta({ description: "Path below which another proxy shows this service; it passes the path on as it is" });
