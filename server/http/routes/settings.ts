import { settingsSchema } from "../../config/schema.js";
import { checkAllow } from "../allow-list.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { runtimeSettingsPatchSchema, settingsChangeSchema, settingsViewSchema } from "../wire.js";

/** Settings: all of them to read, those of run time to change, and the file to save and load (A7). */
export function settingsRoutes(service: SmartToggleService): Route[] {
  const changed = { 200: { description: "What changed", schema: settingsChangeSchema } };
  return [
    jsonRoute({
      method: "get",
      path: "/api/settings",
      access: "operator",
      summary: "All settings, and where each comes from",
      answers: { 200: { description: "Values and origins", schema: settingsViewSchema } },
      errors: [],
      handle: () => ok(service.settings()),
    }),
    jsonRoute({
      method: "put",
      path: "/api/settings",
      access: "administrator",
      audit: "settingsChanged",
      summary: "Change settings of run time; what is left out stays",
      body: runtimeSettingsPatchSchema,
      answers: changed,
      errors: ["setByEnvironment", "unknownCamera", "modeForbids"],
      async handle({ body, caller }) {
        checkAllow(body, caller.address, service.settings().values);
        return ok(await service.changeSettings(body));
      },
    }),
    jsonRoute({
      method: "get",
      path: "/api/settings/file",
      access: "administrator",
      summary: "The settings as a file, to keep or to load elsewhere",
      answers: { 200: { description: "A settings.json", schema: settingsSchema } },
      errors: [],
      handle: () => ({
        status: 200,
        body: service.exportSettings(),
        headers: { "Content-Disposition": 'attachment; filename="settings.json"' },
      }),
    }),
    jsonRoute({
      method: "put",
      path: "/api/settings/file",
      access: "administrator",
      audit: "settingsChanged",
      summary: "Load a settings.json; keys that only a start reads are named as ignored",
      body: settingsSchema,
      answers: changed,
      errors: ["setByEnvironment", "modeForbids"],
      async handle({ body, caller }) {
        checkAllow(body, caller.address, service.settings().values);
        return ok(await service.importSettings(body));
      },
    }),
  ];
}
