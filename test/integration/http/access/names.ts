/** G5 names of accounts and keys, and the audit log that keeps them. */
import { expect, it } from "vitest";
import { bearer, password, type AccessScene } from "../../../support/access-scene.js";
import { request, send } from "../../../support/request.js";

export function tellNames(open: () => AccessScene): void {
  it("refuse names that a log, a header or a page could take for its own", async () => {
    const scene = open();
    const { site } = scene;
    const names = [
      "",
      " ",
      "a\nb",
      "a\r\nSet-Cookie: x=1",
      "<b>",
      "a\u0000",
      "a\u202eb",
      "-rf",
      "${x}",
      "a".repeat(41),
      "a\tb",
      "'; --",
    ];
    for (const name of names) {
      const account = await send(site.port, "POST", "/api/accounts", { name, password, role: "viewer" }, scene.own());
      expect([name, account.status]).toEqual([name, 400]);
      const key = await send(site.port, "POST", "/api/keys", { name, role: "viewer" }, scene.own());
      expect([name, key.status]).toEqual([name, 400]);
    }
  });

  it("leave a word in the audit log of who changed what lasts, and none of what was refused", async () => {
    const scene = open();
    const { site, keys } = scene;
    const change = (headers: Record<string, string>, body: unknown) =>
      send(site.port, "PUT", "/api/mode", body, headers);
    expect((await change(bearer(keys.operator), { mode: "off" })).status).toBe(200);
    expect((await change(bearer(keys.viewer), { mode: "dual" })).status).toBe(403);
    expect((await change(bearer(keys.operator), { mode: "nonsense" })).status).toBe(400);
    const { entries } = (await request(site.port, "/api/audit?limit=200", { headers: scene.own() })).json() as {
      entries: { who: string; action: string; subject: string; address: string }[];
    };
    const [newest] = entries.filter(({ action }) => action === "modeChanged");
    expect(newest).toMatchObject({ who: "operator", subject: '{"mode":"off"}', address: "127.0.0.1" });
    expect(JSON.stringify(entries)).not.toMatch(/dual|nonsense/);
  });
}
