import type { Door } from "./door.js";
import type { EventStreams } from "./event-streams.js";
import { openapiDocument } from "./openapi.js";
import type { Route } from "./route.js";
import { accountsRoutes, keysRoutes } from "./routes/accounts.js";
import { camerasRoutes } from "./routes/cameras.js";
import { certificateRoutes } from "./routes/certificate.js";
import { countsRoutes } from "./routes/counts.js";
import { drillRoutes } from "./routes/drills.js";
import { eventsRoutes } from "./routes/events.js";
import { gapsRoutes } from "./routes/gaps.js";
import { healthRoutes } from "./routes/health.js";
import { incidentsRoutes } from "./routes/incidents.js";
import { liveClientsRoutes } from "./routes/live-clients.js";
import { mediaRoutes } from "./routes/media.js";
import { metricsRoutes } from "./routes/metrics.js";
import { modeRoutes } from "./routes/mode.js";
import { openapiRoutes } from "./routes/openapi.js";
import { exportsRoutes } from "./routes/exports.js";
import { recordingRoutes } from "./routes/recording.js";
import { recordingsRoutes } from "./routes/recordings.js";
import { resourcesRoutes } from "./routes/resources.js";
import { rotationRoutes } from "./routes/rotation.js";
import { sessionRoutes } from "./routes/session.js";
import { settingsRoutes } from "./routes/settings.js";
import { snapshotRoutes } from "./routes/snapshot.js";
import { statusRoutes } from "./routes/status.js";
import { streamRoutes } from "./routes/stream.js";
import { switchRoutes } from "./routes/switch.js";
import { switchesRoutes } from "./routes/switches.js";
import type { SmartToggleService } from "./service.js";

/** Every route there is. Express and the OpenAPI document are both made from this table. */
export function routeTable(service: SmartToggleService, events: EventStreams, door: Door): readonly Route[] {
  const table: Route[] = [
    ...statusRoutes(service),
    ...switchRoutes(service),
    ...switchesRoutes(service),
    ...camerasRoutes(service),
    ...rotationRoutes(service),
    ...modeRoutes(service),
    ...settingsRoutes(service),
    ...resourcesRoutes(service),
    ...drillRoutes(service),
    ...incidentsRoutes(service),
    ...gapsRoutes(service),
    ...countsRoutes(service),
    ...eventsRoutes(events),
    ...certificateRoutes(service),
    ...sessionRoutes(door),
    ...accountsRoutes(door),
    ...keysRoutes(door),
    ...openapiRoutes(() => openapiDocument(table, door.basePath)),
    ...metricsRoutes(service),
    ...healthRoutes(service, door),
    ...snapshotRoutes(service),
    ...liveClientsRoutes(service),
    ...recordingRoutes(service),
    ...recordingsRoutes(service),
    ...exportsRoutes(service),
    ...streamRoutes,
    ...mediaRoutes,
  ];
  return table;
}
