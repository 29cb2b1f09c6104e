import { z } from "zod";
import { AppError } from "../../lib/errors.js";
import type { Door } from "../door.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import type { ChannelView, Status } from "../wire.js";

const healthSchema = z.object({ status: z.literal("ok") });

/** Older than this is ERROR on the page, too (C2), in milliseconds. */
const oldestLiveMs = 3000;

function isLive(channel: ChannelView): boolean {
  const { frameAgeMs, frozen, standIn, unavailable } = channel;
  const fresh = frameAgeMs !== null && frameAgeMs <= oldestLiveMs;
  return fresh && !frozen && standIn !== "slate" && unavailable === null;
}

/** Why no picture is live; null when every channel shows one. */
export function whyNotLive(status: Pick<Status, "mode" | "channels">): string | null {
  if (status.mode === "off") return "The cameras are off.";
  const dark = status.channels.find((channel) => !isLive(channel));
  if (dark !== undefined) return dark.unavailable?.message ?? `Channel ${dark.name} has no fresh frame.`;
  return status.channels.length > 0 ? null : "There is no channel yet.";
}

/**
 * For supervisors: is the process well (restart it if not), and is the picture live (do not restart for that). Why it is not
 * (too hot, turned off, a cable) is the matter of those who may watch.
 */
export function healthRoutes(service: SmartToggleService, { auth }: Pick<Door, "auth">): Route[] {
  const answers = { 200: { description: "Yes", schema: healthSchema } };
  return [
    jsonRoute({
      method: "get",
      path: "/healthz",
      access: "open",
      summary: "Whether the controller answers",
      answers,
      errors: [],
      handle: () => ok({ status: "ok" }),
    }),
    jsonRoute({
      method: "get",
      path: "/readyz",
      access: "open",
      summary: "Whether the picture is live; why not is told to those who may watch",
      answers,
      errors: ["notLive"],
      handle({ caller: { identity } }) {
        const why = whyNotLive(service.status());
        const isStranger = auth.kind === "accounts" && identity === null;
        if (why !== null) throw new AppError("notLive", isStranger ? "Who signs in is told why." : why);
        return ok({ status: "ok" });
      },
    }),
  ];
}
