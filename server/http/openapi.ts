import { z } from "zod";
import type { Access } from "../accounts/role.js";
import { errorCodes, type ErrorCode } from "../lib/errors.js";
import { groupBy } from "../lib/group-by.js";
import { version } from "../lib/package-root.js";
import type { AnswerDescription, Route } from "./route.js";
import * as wire from "./wire.js";
import * as live from "./wire-live.js";
import * as protection from "./wire-protection.js";
import * as recording from "./wire-recording.js";

/** Schemas that get a name in the document; all others stand where they are used. */
const named = z.registry<{ id: string }>();
named.add(wire.problemSchema, { id: "Problem" });
named.add(wire.switchProblemSchema, { id: "SwitchProblem" });
named.add(live.viewersFullProblemSchema, { id: "ViewersFullProblem" });
named.add(wire.statusSchema, { id: "Status" });
named.add(wire.receiptSchema, { id: "Receipt" });
named.add(wire.cameraViewSchema, { id: "Camera" });
named.add(wire.channelViewSchema, { id: "Channel" });
named.add(protection.resourcesSchema, { id: "Resources" });
named.add(protection.resourceHistorySchema, { id: "ResourceHistory" });
named.add(protection.guardViewSchema, { id: "Guard" });
named.add(protection.availabilitySchema, { id: "Availability" });
named.add(protection.incidentSchema, { id: "Incident" });
named.add(protection.gapSchema, { id: "Gap" });
named.add(protection.drillViewSchema, { id: "Drill" });
named.add(recording.recordingStatusSchema, { id: "RecordingStatus" });
named.add(recording.recordingSchema, { id: "Recording" });
named.add(recording.exportSchema, { id: "Export" });
named.add(wire.rotationViewSchema, { id: "Rotation" });
named.add(wire.switchViewSchema, { id: "Switch" });

/** Codes that any route may answer, those that any may that is not open, and those that any mutation may. */
const anyRoute: readonly ErrorCode[] = ["unknownHost", "internal", "controllerDown"];
const anyGuarded: readonly ErrorCode[] = ["notSignedIn", "notAllowed"];
const anyMutation: readonly ErrorCode[] = [
  "badRequest",
  "badJson",
  "foreignOrigin",
  "bodyTooLarge",
  "wrongContentType",
  "shuttingDown",
];

const reference = (id: string) => `#/components/schemas/${id}`;

/** JSON schema of a part of a document, which names its dialect at the top alone. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): object {
  return without(z.toJSONSchema(schema, { io, unrepresentable: "any" }), ["$schema"]);
}

function without(document: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key)));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const id = named.get(schema)?.id;
  return id === undefined ? jsonSchema(schema, io) : { $ref: reference(id) };
}

function components(): Record<string, object> {
  const { schemas } = z.toJSONSchema(named, { uri: reference, unrepresentable: "any" });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, without(schema, ["$schema", "$id"])]));
}

function parameters(schema: z.ZodObject | undefined, place: "path" | "query"): object[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const type = field as z.ZodType;
    const { description, ...rest } = schemaOf(type, "input") as { description?: string };
    const required = place === "path" || !type.safeParse(undefined).success;
    return {
      name,
      in: place,
      required: required && place === "path",
      ...(description && { description }),
      schema: rest,
    };
  });
}

function answer({ description, schema, contentType }: AnswerDescription): object {
  const content = schema === undefined ? {} : { schema: schemaOf(schema, "output") };
  return { description, content: { [contentType ?? "application/json"]: content } };
}

function problemId(codes: readonly ErrorCode[]): string {
  if (codes.includes("switchFailed")) return "SwitchProblem";
  return codes.includes("viewersFull") ? "ViewersFullProblem" : "Problem";
}

function problems(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = groupBy(new Set(codes), (code) => errorCodes[code].status);
  const entries = [...byStatus].map(([status, group]) => {
    const id = problemId(group);
    const description = group.map((code) => `\`${code}\`: ${errorCodes[code].title}`).join(". ");
    return [status, { description, content: { "application/problem+json": { schema: { $ref: reference(id) } } } }];
  });
  return Object.fromEntries(entries) as Record<string, object>;
}

/** How to show who one is. The names are those of the document; what each asks for is said by `accessOf`. */
const securitySchemes = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "smart_toggle_PORT",
    description: "Set by signing in; PORT is the public port. HttpOnly, SameSite=Strict",
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "An API key, or the token of a session that was asked for with `token: true`",
  },
};

/** The least role, in words of OpenAPI and in one of our own; without accounts (`access.auth: off`) anybody has it. */
function accessOf(access: Access): object {
  if (access === "open") return { security: [], "x-least-role": null };
  return { security: [{ session: [access] }, { bearer: [access] }], "x-least-role": access };
}

function operation(route: Route): object {
  const { summary, access, params, query, body, answers, errors } = route;
  const guarded = access === "open" ? [] : anyGuarded;
  const codes = [...errors, ...(route.method === "get" ? [] : anyMutation), ...guarded, ...anyRoute];
  return {
    summary,
    ...accessOf(access),
    parameters: [...parameters(params, "path"), ...parameters(query, "query")],
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, description]) => [status, answer(description)])),
      ...problems(codes),
    },
  };
}

/** Path as OpenAPI writes it: `/api/cameras/{camera}`. */
export function openapiPath(path: string): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

/** The OpenAPI 3.1 document of a table of routes, which lie below `basePath`; that begins and ends with a slash. */
export function openapiDocument(table: readonly Route[], basePath = "/"): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of table) (paths[openapiPath(route.path)] ??= {})[route.method] = operation(route);
  return {
    openapi: "3.1.1",
    info: { title: "Smart Toggle", version, description: "A two-camera CCTV that switches cameras safely." },
    servers: [{ url: basePath === "/" ? basePath : basePath.slice(0, -1) }],
    paths,
    components: { schemas: components(), securitySchemes },
  };
}
