import type { EventStreams } from "../event-streams.js";
import type { Route } from "../route.js";

/** What happens, as it happens. */
export function eventsRoutes(streams: EventStreams): Route[] {
  return [
    {
      kind: "stream",
      method: "get",
      path: "/api/events",
      access: "viewer",
      summary:
        "Server-sent events: `snapshot` (Status) first, then `change` (fields of Status), `receipt` (Receipt) and " +
        "`incident` (Incident)",
      answers: { 200: { description: "Never ends by itself", contentType: "text/event-stream" } },
      errors: ["tooManyClients", "shuttingDown"],
      connect: (req, res) => streams.connect(req, res),
    },
  ];
}
