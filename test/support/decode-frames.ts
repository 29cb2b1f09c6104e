import { spawnSync } from "node:child_process";

/** How many frames ffmpeg decodes of a file; throws where it complains of anything. */
export function decodeFrames(path: string): number {
  const args = ["-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames"];
  const { stdout, stderr } = spawnSync("ffprobe", [...args, "-of", "csv=p=0", path], { encoding: "utf8" });
  if (stderr !== "") throw new Error(`${path}: ${stderr}`);
  return Number(stdout.trim());
}
