import type { Status } from "../../http/wire.js";

/** What the service does now, in one line for `systemctl status`. Pure. */
export function statusLine({ mode, guard, switch: now, channels, rest }: Status): string {
  if (guard.level === "stopped") return `Protection: stopped. ${guard.reason?.message ?? ""}`.trim();
  const suffix = guard.level === "reduced" ? "; protection: reduced" : "";
  if (mode === "off") return `The cameras are off${suffix}`;
  switch (now.kind) {
    case "off":
      return rest.resting ? `Resting: nobody watches${suffix}` : `The cameras are off${suffix}`;
    case "switching":
      return now.to === null ? "Turning the cameras off" : `Switching to camera ${now.to}`;
    case "recovering":
      return `No picture: ${now.reason.message}`;
    case "idle": {
      const dark = channels.find(({ unavailable }) => unavailable !== null)?.unavailable;
      return dark ? `No picture: ${dark.message}` : `Camera ${now.live} live${suffix}`;
    }
  }
}
