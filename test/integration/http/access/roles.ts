/** G5 what each role may do: every address of the OpenAPI document is tried with each. */
import { expect, it } from "vitest";
import { roles } from "../../../../server/accounts/role.js";
import { bearer, type AccessScene } from "../../../support/access-scene.js";

export function tellRoles(open: () => AccessScene): void {
  it("refuse every address of the document to who is not signed in, but those open on purpose", async () => {
    const scene = open();
    const { operations, cookie } = scene;
    expect(operations.length).toBeGreaterThan(35);
    for (const { method, path, least } of operations) {
      if (least === null) continue;
      const reply = await scene.ask(method, path, {});
      expect([method, path, reply.status, reply.json()["code"]]).toEqual([method, path, 401, "notSignedIn"]);
      const wrong = await scene.ask(method, path, { ...bearer("stk_0_0"), Cookie: `${cookie.slice(0, -3)}abc` });
      expect([method, path, wrong.status]).toEqual([method, path, 401]);
    }
  });

  it("refuse every address of the document to each lower role", async () => {
    const scene = open();
    const { site, keys, operations } = scene;
    for (const { method, path, least } of operations) {
      for (const role of roles.slice(0, least === null ? 0 : roles.indexOf(least))) {
        const reply = await scene.ask(method, path, bearer(keys[role]));
        expect([method, path, role, reply.status, reply.json()["code"]]).toEqual([
          method,
          path,
          role,
          403,
          "notAllowed",
        ]);
      }
    }
    expect(site.service.effects).toEqual([]);
  });

  it("let each role in where it may", async () => {
    const scene = open();
    const { keys, operations } = scene;
    for (const { method, path, least } of operations) {
      // A stream has no end; signing out is a person's matter.
      if (least === null || path === "/api/events" || path.startsWith("/api/session")) continue;
      const reply = await scene.ask(method, path, bearer(keys[least]));
      expect([method, path, reply.status === 401 || reply.status === 403]).toEqual([method, path, false]);
    }
  });
}
