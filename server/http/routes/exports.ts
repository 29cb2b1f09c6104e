import { z } from "zod";
import { rangeOf, recordingId } from "../recording-query.js";
import { fileRoute, jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { exportRequestSchema, exportSchema, exportsSchema, recordingDeletedSchema } from "../wire-recording.js";
import { attachment, ticketAnswer } from "./recordings.js";

const byId = z.object({ id: z.string().meta({ description: "Number of the export" }) });
const exportId = (text: string) => recordingId(text, "export");

/** Exports of any range as one MP4, with a manifest that proves what it is made of. */
export function exportsRoutes({ recordings: service }: SmartToggleService): Route[] {
  const answers = { 200: { description: "The export", schema: exportSchema } };
  const file = (which: "file" | "manifest", contentType: string) =>
    fileRoute({
      method: "get",
      path: `/api/exports/:id/${which}`,
      access: "viewer",
      summary: which === "file" ? "The file of an export; takes Range" : "The manifest of an export",
      params: byId,
      answers: { 200: { description: which === "file" ? "MP4" : "JSON", contentType } },
      errors: ["notFound", "exportUnfinished", "recordingsUnreadable", "recorderAway"],
      async handle({ params }) {
        const ticket = await service.ask("exportFile", { id: exportId(params.id), which });
        const headers = { "Content-Disposition": attachment(ticket.name, true), "Cache-Control": "private, no-cache" };
        return ticketAnswer(service, ticket, { contentType, headers });
      },
    });
  return [
    jsonRoute({
      method: "get",
      path: "/api/exports",
      access: "viewer",
      summary: "Exports that are made, or were in the last day, newest first",
      answers: { 200: { description: "All of them", schema: exportsSchema } },
      errors: ["recorderAway"],
      handle: async () => ok({ exports: await service.ask("exports", {}) }),
    }),
    jsonRoute({
      method: "post",
      path: "/api/exports",
      access: "operator",
      audit: "recordingExported",
      summary: "Begin an export; it is cut at key frames, and removed after a day",
      body: exportRequestSchema,
      answers: { 202: { description: "It is made, or waits for others", schema: exportSchema } },
      errors: ["badRequest", "nothingRecorded", "exportMixed", "exportTooLong", "tooManyClients", "recorderAway"],
      async handle({ body: { camera, from, to } }) {
        const range = rangeOf({ from: Date.parse(from), to: Date.parse(to) });
        return { status: 202, body: await service.ask("startExport", { camera, ...range }) };
      },
    }),
    jsonRoute({
      method: "get",
      path: "/api/exports/:id",
      access: "viewer",
      summary: "One export and its progress",
      params: byId,
      answers,
      errors: ["notFound", "recorderAway"],
      handle: async ({ params }) => ok(await service.ask("export", { id: exportId(params.id) })),
    }),
    jsonRoute({
      method: "delete",
      path: "/api/exports/:id",
      access: "operator",
      summary: "Cancel an export, or remove a finished one",
      params: byId,
      answers: { 200: { description: "It is gone", schema: recordingDeletedSchema } },
      errors: ["notFound", "recorderAway"],
      async handle({ params }) {
        await service.ask("removeExport", { id: exportId(params.id) });
        return ok({ deleted: true });
      },
    }),
    file("file", "video/mp4"),
    file("manifest", "application/json"),
  ];
}
