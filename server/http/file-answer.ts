/**
 * Files as answers. NGINX sends them itself where it stands before the controller, which only names the place: a
 * download of hours never goes through the loop that moves frames. A client that asks the controller itself gets the
 * file from it.
 */
import type { Request, Response } from "express";
import { AppError } from "../lib/errors.js";

export interface FileAnswer {
  /** Absolute. Nothing outside of it is ever sent. */
  readonly root: string;
  /** Relative to the root; made by the service, never by a client. */
  readonly path: string;
  /** Where NGINX keeps the root for redirects of ours alone, with a slash at both ends. */
  readonly internal: `/${string}/`;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** NGINX names the client's address to the controller, and lets no client name one. */
const isBehindNginx = (req: Request): boolean => req.headers["x-real-ip"] !== undefined;

export async function sendFile(req: Request, res: Response, answer: FileAnswer): Promise<void> {
  const { root, path, internal, contentType, headers } = answer;
  res.set(headers).setHeader("Content-Type", contentType);
  if (isBehindNginx(req)) {
    const place = path.split("/").map(encodeURIComponent).join("/");
    res.set({ "X-Accel-Redirect": internal + place, "Content-Length": "0" }).end();
    return;
  }
  await new Promise<void>((resolve, reject) => {
    res.sendFile(path, { root, dotfiles: "allow", cacheControl: false }, (error: unknown) => {
      // A client that went away in the middle is no error.
      if (error === undefined || error === null || res.headersSent) resolve();
      else reject(new AppError("notFound", "The file is not there any more.", { cause: error }));
    });
  });
}
