import { expect, it } from "vitest";
import { openapiRoutes } from "../../../server/http/routes/openapi.js";

it("the description for programs is made once: it takes tens of milliseconds of the loop that moves frames (I8)", async () => {
  let made = 0;
  const [route] = openapiRoutes(() => ({ made: ++made }));
  const input = { params: {}, query: {}, body: undefined, caller: { identity: null, address: "", secure: false } };
  if (route?.kind !== "text") throw new Error("It is no text.");
  for (let n = 0; n < 3; n++) expect((await route.page(input)).text).toBe('{"made":1}');
});
