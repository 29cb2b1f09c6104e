import { describe, expect, it } from "vitest";
import { accessLevels } from "../../../server/accounts/role.js";
import { Door } from "../../../server/http/door.js";
import { EventStreams } from "../../../server/http/event-streams.js";
import { openapiDocument, openapiPath } from "../../../server/http/openapi.js";
import { routeTable } from "../../../server/http/route-table.js";
import { FakeService } from "../../support/fake-service.js";

interface Operation {
  readonly security?: readonly Record<string, readonly string[]>[];
  readonly "x-least-role"?: string | null;
  readonly responses: Record<string, unknown>;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly securitySchemes: Record<string, unknown> };
}

/** Whoever adds an address that nobody must sign in for has to say so here. */
const openOnPurpose = [
  "get /api/certificate",
  "get /api/session",
  "post /api/session",
  "post /api/setup",
  "get /healthz",
  "get /readyz",
];
/** What everybody changes of their own. */
const ofOneself = ["delete /api/session", "put /api/session/password"];
/** Changes that the audit log does not tell of: the first seven tell it themselves, the others leave nothing behind that matters. */
const notNoted = [
  "post /api/session",
  "delete /api/session",
  "put /api/session/password",
  "post /api/setup",
  "post /api/accounts",
  "patch /api/accounts/:id",
  "delete /api/accounts/:id",
  "post /api/keys",
  "delete /api/keys/:id",
  "post /api/switch",
  "put /api/rotation",
  "put /api/recordings/:id/pin",
  "delete /api/exports/:id",
  "delete /api/live/clients/:id",
];
/** Reading that is more than watching. */
const readingOfMore = [
  "get /api/settings",
  "get /api/settings/file",
  "get /api/accounts",
  "get /api/audit",
  "get /api/keys",
];

const service = new FakeService();
const events = new EventStreams(service);
const door = new Door({ kind: "off" }, 1, "/");
const table = routeTable(service, events, door);
events.close();
const document = openapiDocument(table) as Document;
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

describe("G5 who may use a route", () => {
  it("is said by every route", () => {
    for (const route of table)
      expect([nameOf(route), accessLevels.includes(route.access)]).toEqual([nameOf(route), true]);
  });

  it("is nobody who is not signed in, but for what is open on purpose", () => {
    expect(table.filter(({ access }) => access === "open").map(nameOf)).toEqual(openOnPurpose);
  });

  it("is no viewer where anything changes", () => {
    const open = table.filter(({ method, access }) => method !== "get" && (access === "open" || access === "viewer"));
    expect(new Set(open.map(nameOf))).toEqual(
      new Set([...openOnPurpose.filter((name) => name.startsWith("post")), ...ofOneself]),
    );
  });

  it("is a viewer for all that is only read, but for the settings", () => {
    const more = table.filter(({ method, access }) => method === "get" && !["open", "viewer"].includes(access));
    expect(more.map(nameOf)).toEqual(readingOfMore);
  });

  it("is told by the audit log, but for what tells it itself or leaves nothing behind", () => {
    const silent = table.filter(({ method, audit }) => method !== "get" && audit === undefined).map(nameOf);
    expect(new Set(silent)).toEqual(new Set(notNoted));
    const secret = table.filter(({ path, audit }) => audit !== undefined && /session|account|key|setup/.test(path));
    expect(secret.map(nameOf)).toEqual([]);
  });

  it("stands in the OpenAPI document, with the answers to those who may not", () => {
    for (const { method, path, access } of table) {
      const operation = document.paths[openapiPath(path)]?.[method];
      expect([path, operation?.["x-least-role"]]).toEqual([path, access === "open" ? null : access]);
      const needs = operation?.security?.flatMap((one) => Object.entries(one)) ?? null;
      expect([path, needs]).toEqual([
        path,
        access === "open"
          ? []
          : [
              ["session", [access]],
              ["bearer", [access]],
            ],
      ]);
      const codes = JSON.stringify([operation?.responses[401], operation?.responses[403]]);
      if (access !== "open") expect([path, codes]).toEqual([path, expect.stringMatching(/notSignedIn.*notAllowed/)]);
    }
    expect(Object.keys(document.components.securitySchemes)).toEqual(["session", "bearer"]);
  });
});
