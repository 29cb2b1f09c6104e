import { jsonRoute, ok, type Route } from "../route.js";

/** The description of all this, for programs. */
export function openapiRoutes(document: () => object): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/openapi.json",
      access: "viewer",
      summary: "This document",
      answers: { 200: { description: "OpenAPI 3.1" } },
      errors: [],
      handle: () => ok(document()),
    }),
  ];
}
