/** What the routes about recordings take, and what they refuse before anybody is asked. */
import { describe, expect, it } from "vitest";
import type { RawInput, Route } from "../../../server/http/route.js";
import { exportsRoutes } from "../../../server/http/routes/exports.js";
import { recordingRoutes } from "../../../server/http/routes/recording.js";
import { recordingsRoutes } from "../../../server/http/routes/recordings.js";
import type { SmartToggleService } from "../../../server/http/service.js";
import { calmRecordings } from "../../support/calm-recordings.js";

const asked: unknown[] = [];
const ask = (kind: string, params: unknown): Promise<never> => {
  asked.push([kind, params]);
  return Promise.resolve("an answer" as never);
};
const service = { recordings: { ...calmRecordings, ask } } as unknown as SmartToggleService;
const routes = [...recordingRoutes(service), ...recordingsRoutes(service), ...exportsRoutes(service)];

/** `name`: method and path, as the table has them. */
function send(name: string, given: Partial<RawInput>): Promise<unknown> {
  const route = routes.find(({ method, path }) => name === `${method} ${path}`);
  const input = { params: {}, query: {}, body: undefined, ...given } as RawInput;
  return actOf(route)(input);
}

function actOf(route: Route | undefined): (input: RawInput) => Promise<unknown> {
  if (route?.kind === "json" || route?.kind === "file") return (input) => route.run(input);
  if (route?.kind === "text") return (input) => route.page(input);
  throw new Error("There is no such route.");
}

const noon = "2026-11-21T12:00:00Z";
const range = { camera: "0", from: noon, to: "2026-11-21T13:00:00+00:30" };
const plan = (schedule: unknown, mode = "schedule") => ({ cameras: { 0: { mode, schedule } } });

describe("E3 F4 the routes about recordings", () => {
  it.each([
    ["no cameras", "post /api/recording/start", { body: { cameras: [] } }],
    ["a limit of nothing", "post /api/recording/start", { body: { cameras: [0], limitSeconds: 0 } }],
    ["an unknown field", "post /api/recording/start", { body: { cameras: [0], path: "/etc" } }],
    ["a time that is none", "put /api/recording/plan", { body: plan([{ days: [1], from: "8", to: "9" }]) }],
    ["a day that is none", "put /api/recording/plan", { body: plan([{ days: [7], from: "08:00", to: "09:00" }]) }],
    ["an unknown mode", "put /api/recording/plan", { body: plan([], "always") }],
    ["a begin that is none", "get /api/recordings", { query: { from: "yesterday" } }],
    ["a page that is none", "get /api/recordings", { query: { page: "x" } }],
    ["too many", "get /api/recordings", { query: { limit: "501" } }],
    ["a path", "get /api/recordings", { query: { path: "/etc/passwd" } }],
    ["a month that is none", "get /api/recordings/days", { query: { month: "2026-13" } }],
    ["a zone that is none", "get /api/recordings/days", { query: { month: "2026-11", zone: "Mars/Base" } }],
    ["an end before the begin", "get /api/recordings/timeline", { query: { from: noon, to: noon } }],
    ["an export that ends before it begins", "post /api/exports", { body: { ...range, camera: 0, to: noon } }],
    ["an export of no time", "post /api/exports", { body: { ...range, camera: 0, from: "now" } }],
  ])("refuse %s", async (_what, name, given) => {
    asked.length = 0;
    await expect(send(name, given)).rejects.toMatchObject({ code: "badRequest" });
    expect(asked).toEqual([]);
  });

  it.each([
    ["get /api/recordings/:id", { params: { id: "../1" } }],
    ["get /api/recordings/:id/file", { params: { id: "../../etc/passwd" } }],
    ["get /api/recordings/:id/segments/:segment", { params: { id: "1", segment: "../0.m4s" } }],
    ["get /api/exports/:id/file", { params: { id: "1e3" } }],
  ])("know nothing by what is no number: %s", async (name, given) => {
    asked.length = 0;
    await expect(send(name, given)).rejects.toMatchObject({ code: "notFound" });
    expect(asked).toEqual([]);
  });

  it("ask in milliseconds, whatever offset a time was written with", async () => {
    asked.length = 0;
    await send("get /api/recordings/play.m3u8", { query: { ...range, to: range.to.replace("+", " ") } });
    await send("get /api/recordings/days", { query: { month: "2026-11", zone: "Asia/Seoul" } });
    const from = Date.parse(noon);
    expect(asked).toEqual([
      ["playlist", { camera: 0, from, to: from + 1_800_000 }],
      ["days", { camera: null, month: "2026-11", zone: "Asia/Seoul" }],
    ]);
  });
});
