import type { PeerKind } from "./peer.js";

/**
 * The seed's own command line and its eight steps, with HLS in place of RTMP: stop, 2 s wait, start, and the page loads
 * itself anew. Two changes in its favour: a key frame every 2 s, without which its segments last 10 s, and media on tmpfs.
 * As in the seed no input rate is given: ffmpeg takes 25, so its picture falls behind by a sixth of the time it runs.
 */
export const seedPeer: PeerKind = {
  name: "the seed's command line",
  settleMs: 2000,
  playlist: (camera) => `live/cam${camera}/index.m3u8`,
  encoderArguments: (playlist) => [
    ...["-f", "mjpeg", "-i", "-", "-c:v", "libx264", "-preset", "ultrafast"],
    ...["-force_key_frames", "expr:gte(t,n_forced*2)", "-f", "hls", "-hls_time", "2", playlist],
  ],
  script: `
const hls = new Hls();
hls.on(Hls.Events.ERROR, (_event, data) => { if (data.fatal) setTimeout(() => location.reload(), 1000); });
hls.loadSource(playlist);
hls.attachMedia(video);
for (const button of document.querySelectorAll("button")) {
  button.onclick = async () => { await toggle(button.dataset.camera); location.reload(); };
}`,
};
