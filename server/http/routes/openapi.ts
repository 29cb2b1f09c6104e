import { textRoute, type Route } from "../route.js";

/** The description of all this, for programs. */
export function openapiRoutes(document: () => object): Route[] {
  // Once, for the first who asks: it takes tens of milliseconds of the loop that moves frames.
  let text: string | undefined;
  return [
    textRoute({
      method: "get",
      path: "/api/openapi.json",
      access: "viewer",
      summary: "This document",
      answers: { 200: { description: "OpenAPI 3.1" } },
      errors: [],
      handle: () => ({ contentType: "application/json; charset=utf-8", text: (text ??= JSON.stringify(document())) }),
    }),
  ];
}
