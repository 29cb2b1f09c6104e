import type { PeerKind } from "./peer.js";

/**
 * What most guides end up with: 1 s segments, hls.js as it comes, and a switch that goes on in the same playlist, where
 * ffmpeg itself marks the discontinuity.
 */
export const plainPeer: PeerKind = {
  name: "plain 1 s HLS, hls.js defaults",
  settleMs: 0,
  playlist: () => "live/index.m3u8",
  encoderArguments: (playlist) => [
    ...["-f", "mjpeg", "-framerate", "30", "-i", "-", "-c:v", "libx264", "-preset", "ultrafast"],
    ...["-tune", "zerolatency", "-g", "30", "-f", "hls", "-hls_time", "1", "-hls_list_size", "6"],
    ...["-hls_flags", "delete_segments+append_list+omit_endlist", playlist],
  ],
  script: `
const hls = new Hls();
hls.on(Hls.Events.ERROR, (_event, data) => { if (data.fatal) hls.startLoad(); });
hls.loadSource(playlist);
hls.attachMedia(video);
for (const button of document.querySelectorAll("button")) button.onclick = () => toggle(button.dataset.camera);`,
};
