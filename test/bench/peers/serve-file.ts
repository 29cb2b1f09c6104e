import { readFile, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { packageRoot } from "../../../server/lib/package-root.js";

const types: Readonly<Record<string, string>> = {
  ".m3u8": "application/vnd.apple.mpegurl",
  ".ts": "video/mp2t",
  ".m4s": "video/mp4",
  ".mp4": "video/mp4",
  ".js": "text/javascript",
};

/** Answers `/hls.js` and files below `/media/`; all else is 404. */
export function serveFile(url: string, media: string, res: ServerResponse): void {
  const path = normalize(url.split("?", 1)[0] ?? "");
  const file = path === "/hls.js" ? join(packageRoot, "node_modules/hls.js/dist/hls.min.js") : inMedia(path, media);
  readFile(file ?? "", (error, content) => {
    if (error !== null) res.writeHead(404).end();
    else
      res
        .writeHead(200, { "Content-Type": types[extname(path)] ?? "text/plain", "Cache-Control": "no-cache" })
        .end(content);
  });
}

function inMedia(path: string, media: string): string | null {
  return path.startsWith("/media/") ? join(media, path.slice("/media/".length)) : null;
}

/** Changes whenever the file is written anew; empty while there is none. */
export function fileVersion(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "" : `${stat.ino}:${stat.mtimeNs}`;
}
