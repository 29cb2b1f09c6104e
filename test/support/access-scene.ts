/**
 * The controller's HTTP side behind NGINX with accounts, somebody who is signed in, and an API key of each role. Whoever
 * starts it closes it.
 */
import { expect } from "vitest";
import { roles, type Role } from "../../server/accounts/role.js";
import { NginxSite } from "./nginx-site.js";
import { request, send, type Reply } from "./request.js";

/** Of all accounts here. */
export const password = "correct horse battery";
/** A part that is published. */
export const part = "/hls/main/part_1.m4s";

/** An address of the OpenAPI document, and who may use it; null: everybody. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly least: Role | null;
}

type Document = Record<string, Record<string, { readonly "x-least-role": Role | null }>>;

export const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

/** A path of the document with something in its blanks. */
const filled = (path: string): string =>
  path
    .replace("{channel}", "main")
    .replace("{file}", "part_1.m4s")
    .replace(/\{\w+\}/g, "1");

export class AccessScene {
  readonly site: NginxSite;
  /** Of Ann, an administrator. */
  readonly cookie: string;
  /** An API key of each role. */
  keys: Record<Role, string> = { viewer: "", operator: "", administrator: "" };
  operations: readonly Operation[] = [];

  static async start(): Promise<AccessScene> {
    const site = await NginxSite.start({ limit: 9, commentMs: 50 }, { access: { auth: "accounts" } });
    const token = site.accounts.setUpToken();
    const reply = await send(site.port, "POST", "/api/setup", { token, name: "Ann", password });
    expect(reply.json()).toMatchObject({ role: "administrator", name: "Ann" });
    const scene = new AccessScene(site, cookieOf(reply));
    await scene.#makeKeys();
    await scene.#readDocument();
    await site.media.publish();
    return scene;
  }

  private constructor(site: NginxSite, cookie: string) {
    this.site = site;
    this.cookie = cookie;
  }

  close(): Promise<void> {
    return this.site.close();
  }

  /** As our page in a browser sends it. */
  own(): Record<string, string> {
    return { Cookie: this.cookie, Origin: `http://127.0.0.1:${this.site.port}` };
  }

  ask(method: string, path: string, headers: Record<string, string>): Promise<Reply> {
    const { port } = this.site;
    if (method === "get") return request(port, filled(path), { headers });
    // Not what any of them takes: who may is told so, and nothing happens.
    return send(port, method.toUpperCase(), filled(path), { nonsense: true }, headers);
  }

  /** Answers the session's cookie. */
  async signIn(name = "Ann"): Promise<string> {
    const reply = await send(this.site.port, "POST", "/api/session", { name, password });
    expect(reply.status).toBe(200);
    return cookieOf(reply);
  }

  async #makeKeys(): Promise<void> {
    const made = await Promise.all(
      roles.map(async (role): Promise<[Role, string]> => {
        const answer = await send(this.site.port, "POST", "/api/keys", { name: role, role }, this.own());
        return [role, String(answer.json()["secret"])];
      }),
    );
    this.keys = Object.fromEntries(made) as Record<Role, string>;
  }

  async #readDocument(): Promise<void> {
    const headers = bearer(this.keys.viewer);
    const document = (await request(this.site.port, "/api/openapi.json", { headers })).json();
    this.operations = Object.entries(document["paths"] as Document).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, least: operation["x-least-role"] })),
    );
  }
}

function cookieOf(reply: Reply): string {
  return reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}
