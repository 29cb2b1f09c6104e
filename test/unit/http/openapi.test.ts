import { describe, expect, it } from "vitest";
import { createApi } from "../../../server/http/api.js";
import { Door } from "../../../server/http/door.js";
import { EventStreams } from "../../../server/http/event-streams.js";
import { openapiDocument, openapiPath } from "../../../server/http/openapi.js";
import { routeTable } from "../../../server/http/route-table.js";
import { errorCodes } from "../../../server/lib/errors.js";
import { silentLog } from "../../../server/lib/log.js";
import { FakeService } from "../../support/fake-service.js";

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, unknown>; requestBody?: object }>>;
  components: { schemas: Record<string, object> };
}

interface ExpressLayer {
  route?: { path: string; methods: Record<string, boolean> };
}

const door = new Door({ kind: "off" }, 1, "/");

function build() {
  const service = new FakeService();
  const events = new EventStreams(service);
  const table = routeTable(service, events, door);
  events.close();
  return { table, document: openapiDocument(table) as Document };
}

describe("the OpenAPI document", () => {
  const { table, document } = build();

  it("knows exactly the routes that Express serves, beside the media that NGINX does", () => {
    const layers = createApi(table, door, silentLog).router.stack as unknown as ExpressLayer[];
    const served = layers.flatMap(({ route }) => (route && route.methods["_all"] !== true ? [route] : []));
    const inExpress = served.flatMap(({ path, methods }) =>
      Object.keys(methods).map((method) => `${method} ${openapiPath(path)}`),
    );
    const inDocument = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const media = inDocument.filter((each) => each.includes("/hls/") || each.includes("/stream"));
    expect(media).toHaveLength(3);
    expect(inExpress.concat(media).sort()).toEqual(inDocument.sort());
    expect(new Set(inExpress).size).toBe(inExpress.length);
  });

  it("refers to nothing that it does not hold", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name = ""] of references) expect(document.components.schemas).toHaveProperty(name);
  });

  it("gives a body to every mutation that is no removal, and to none else", () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { requestBody }] of Object.entries(methods)) {
        expect([path, method, requestBody !== undefined]).toEqual([path, method, !["get", "delete"].includes(method)]);
      }
    }
  });

  it("names the code of every error under its status", () => {
    for (const { method, path, errors } of table) {
      const { responses } = document.paths[openapiPath(path)]?.[method] ?? { responses: {} };
      for (const code of errors) {
        expect(JSON.stringify(responses[errorCodes[code].status])).toContain(`\`${code}\``);
      }
    }
  });
});
