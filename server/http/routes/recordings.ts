import { z } from "zod";
import type { FileTicket } from "../../recording/library/requests.js";
import type { FileAnswer } from "../file-answer.js";
import { wholeNumber } from "../page-query.js";
import { camera, instant, pageCursor, rangeOf, recordingId, timeZone } from "../recording-query.js";
import { fileRoute, jsonRoute, ok, textRoute, type Route } from "../route.js";
import type { RecordingService } from "../service-recording.js";
import type { SmartToggleService } from "../service.js";
import {
  recordingDaysSchema,
  recordingDeletedSchema,
  recordingPageSchema,
  recordingPinSchema,
  recordingSchema,
  timelineSchema,
} from "../wire-recording.js";

const byId = z.object({ id: z.string().meta({ description: "Number of the recording" }) });
const download = z.literal("1").exactOptional().meta({ description: "1: a file to be kept" });
/** Whoever asks for more at once waits for more than a page of a person. */
const everMs = Number.MAX_SAFE_INTEGER;

/** A name as a header takes it: what the service made has no other characters, what lies on the disk may. */
export const attachment = (name: string, keep: boolean): string =>
  `${keep ? "attachment" : "inline"}; filename="${name.replace(/[^\w.-]/g, "_")}"`;

/** How a file of a ticket is sent. */
export function ticketAnswer(
  service: RecordingService,
  ticket: FileTicket,
  how: { readonly contentType: string; readonly headers: FileAnswer["headers"] },
): FileAnswer {
  const internal = ticket.in === "recordings" ? "/_recordings/" : "/_playback/";
  return { root: service.folderOf(ticket.in), path: ticket.path, internal, ...how };
}

/** Kept by the browser, and asked for each time: the next who uses it may not be allowed to see it. */
const revalidated = { "Cache-Control": "private, no-cache" };

/** The catalogue of recordings, their files, and what players get of them (F4). */
export function recordingsRoutes({ recordings: service }: SmartToggleService): Route[] {
  return [...listRoutes(service), ...playRoutes(service), ...oneRoutes(service), ...fileRoutes(service)];
}

function listRoutes(service: RecordingService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/recordings",
      access: "viewer",
      summary: "Recordings, newest first, by camera and time",
      query: z.strictObject({
        camera: camera.exactOptional(),
        from: instant("Only what ends after it").exactOptional(),
        to: instant("Only what begins before it").exactOptional(),
        page: pageCursor.exactOptional().meta({ description: "The `next` of the page before" }),
        limit: wholeNumber("must be a whole number from 1 to 500")
          .pipe(z.number().min(1).max(500))
          .default(50)
          .meta({ description: "Number of recordings, from 1 to 500" }),
      }),
      answers: { 200: { description: "One page", schema: recordingPageSchema } },
      errors: ["badRequest", "recorderAway"],
      async handle({ query: { camera: number = null, from = 0, to = everMs, page = null, limit } }) {
        const range = { camera: number, from, to };
        const found = await service.ask("recordings", { ...range, limit: limit + 1, before: page });
        const shown = found.slice(0, limit);
        const last = found.length > limit ? shown.at(-1) : undefined;
        return ok({ recordings: shown, next: last === undefined ? null : `${last.startedAt}-${last.id}` });
      },
    }),
    jsonRoute({
      method: "get",
      path: "/api/recordings/days",
      access: "viewer",
      summary: "Days of a month that have recordings",
      query: z.strictObject({
        camera: camera.exactOptional(),
        month: z
          .stringFormat("month", /^\d{4}-(0[1-9]|1[0-2])$/, { error: "must be a month such as 2026-11" })
          .meta({ description: "YYYY-MM" }),
        zone: timeZone.exactOptional(),
      }),
      answers: { 200: { description: "In order", schema: recordingDaysSchema } },
      errors: ["badRequest", "recorderAway"],
      handle: async ({ query: { camera: number = null, ...asked } }) =>
        ok({ days: await service.ask("days", { camera: number, ...asked }) }),
    }),
    jsonRoute({
      method: "get",
      path: "/api/recordings/timeline",
      access: "viewer",
      summary: "What was recorded in a range, with neighbours put together, and what the recorder knows of its gaps",
      query: z.strictObject({ camera: camera.exactOptional(), from: instant("Begin"), to: instant("End") }),
      answers: { 200: { description: "By camera, then by time", schema: timelineSchema } },
      errors: ["badRequest", "recorderAway"],
      handle: async ({ query: { camera: number = null, ...range } }) =>
        ok(await service.ask("timeline", { camera: number, ...rangeOf(range) })),
    }),
  ];
}

function playRoutes(service: RecordingService): Route[] {
  return [
    textRoute({
      method: "get",
      path: "/api/recordings/play.m3u8",
      access: "viewer",
      summary: "An HLS playlist over everything that was recorded of a camera in a range",
      query: z.strictObject({ camera, from: instant("Begin"), to: instant("End") }),
      answers: { 200: { description: "Playlist", contentType: "application/vnd.apple.mpegurl" } },
      errors: ["badRequest", "nothingRecorded", "recorderAway"],
      async handle({ query: { camera: number, ...range } }) {
        const text = await service.ask("playlist", { camera: number, ...rangeOf(range) });
        return { contentType: "application/vnd.apple.mpegurl", text };
      },
    }),
    fileRoute({
      method: "get",
      path: "/api/recordings/:id/init.mp4",
      access: "viewer",
      summary: "Init segment of a recording, as the playlist names it",
      params: byId,
      answers: { 200: { description: "Fragmented MP4", contentType: "video/mp4" } },
      errors: ["notFound", "recordingOpen", "recordingsUnreadable", "recorderAway"],
      handle: async ({ params }) =>
        ticketAnswer(service, await service.ask("init", { id: recordingId(params.id) }), media),
    }),
    fileRoute({
      method: "get",
      path: "/api/recordings/:id/segments/:segment",
      access: "viewer",
      summary: "A segment of a recording, as the playlist names it",
      params: z.object({ ...byId.shape, segment: z.string().meta({ description: "`0.m4s`, `1.m4s` and so on" }) }),
      answers: { 200: { description: "Fragmented MP4", contentType: "video/mp4" } },
      errors: ["notFound", "recordingOpen", "recordingsUnreadable", "tooManyClients", "recorderAway"],
      async handle({ params }) {
        const index = recordingId(/^(\d{1,9})\.m4s$/.exec(params.segment)?.[1] ?? params.segment, "segment");
        return ticketAnswer(service, await service.ask("segment", { id: recordingId(params.id), index }), media);
      },
    }),
  ];
}

const media = { contentType: "video/mp4", headers: revalidated };

function oneRoutes(service: RecordingService): Route[] {
  const answers = { 200: { description: "The recording", schema: recordingSchema } };
  return [
    jsonRoute({
      method: "get",
      path: "/api/recordings/:id",
      access: "viewer",
      summary: "One recording",
      params: byId,
      answers,
      errors: ["notFound", "recorderAway"],
      handle: async ({ params }) => ok(await service.ask("recording", { id: recordingId(params.id) })),
    }),
    jsonRoute({
      method: "delete",
      path: "/api/recordings/:id",
      access: "administrator",
      audit: "recordingRemoved",
      summary: "Delete a recording",
      params: byId,
      answers: { 200: { description: "It is gone", schema: recordingDeletedSchema } },
      errors: ["notFound", "recordingOpen", "recordingPinned", "recordingsUnreadable", "recorderAway"],
      async handle({ params }) {
        await service.ask("deleteRecording", { id: recordingId(params.id) });
        return ok({ deleted: true });
      },
    }),
    jsonRoute({
      method: "put",
      path: "/api/recordings/:id/pin",
      access: "operator",
      summary: "Pin a recording, so that it is never deleted by itself, or take the pin off",
      params: byId,
      body: recordingPinSchema,
      answers,
      errors: ["notFound", "recorderAway"],
      handle: async ({ params, body }) =>
        ok(await service.ask("pin", { id: recordingId(params.id), pinned: body.pinned })),
    }),
  ];
}

function fileRoutes(service: RecordingService): Route[] {
  return [
    fileRoute({
      method: "get",
      path: "/api/recordings/:id/file",
      access: "viewer",
      summary: "The file of a recording; takes Range",
      params: byId,
      query: z.strictObject({ download }),
      answers: {
        200: { description: "MP4", contentType: "video/mp4" },
        206: { description: "The part that Range names", contentType: "video/mp4" },
      },
      errors: ["badRequest", "notFound", "recordingOpen", "recordingsUnreadable", "recorderAway"],
      async handle({ params, query }) {
        const ticket = await service.ask("recordingFile", { id: recordingId(params.id) });
        const headers = { "Content-Disposition": attachment(ticket.name, query.download === "1"), ...revalidated };
        return ticketAnswer(service, ticket, { contentType: "video/mp4", headers });
      },
    }),
    fileRoute({
      method: "get",
      path: "/api/recordings/:id/poster.jpg",
      access: "viewer",
      summary: "A small picture of the start of a recording",
      params: byId,
      answers: { 200: { description: "JPEG", contentType: "image/jpeg" } },
      errors: ["notFound", "recordingOpen", "recordingsUnreadable", "tooManyClients", "recorderAway"],
      handle: async ({ params }) =>
        ticketAnswer(service, await service.ask("poster", { id: recordingId(params.id) }), {
          contentType: "image/jpeg",
          headers: revalidated,
        }),
    }),
  ];
}
