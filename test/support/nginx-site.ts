import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificate } from "../../server/app/open-certificate.js";
import type { Accounts } from "../../server/accounts/accounts.js";
import type { Auth } from "../../server/accounts/auth.js";
import { settingsSchema, type Settings, type SettingsInput } from "../../server/config/schema.js";
import { HttpServer, type HttpServerOptions } from "../../server/http/http-server.js";
import { ViewerCounter } from "../../server/http/viewers.js";
import { systemClock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import { Nginx } from "../../server/ops/nginx.js";
import { openAccounts } from "./open-accounts.js";
import { FakeMedia } from "./fake-media.js";
import { FakeService } from "./fake-service.js";
import { freePorts } from "./free-ports.js";

/** What a test wants beside free ports and folders. */
export type ExtraSettings = Pick<SettingsInput, "access" | "tls" | "http">;

export const pageText = `<!doctype html><title>page</title>${"<p>filling</p>".repeat(100)}`;

/** Folders with a page and live media, and settings with free ports that point to them. */
export async function siteSettings(extra: ExtraSettings = {}): Promise<{ folder: string; settings: Settings }> {
  const folder = mkdtempSync(join(tmpdir(), "smart-toggle-nginx-"));
  const [web, live] = [join(folder, "web"), join(folder, "live")];
  mkdirSync(join(web, "assets"), { recursive: true });
  mkdirSync(live);
  writeFileSync(join(web, "index.html"), pageText);
  writeFileSync(join(web, "assets", "index-abc123.js"), `"filling";`.repeat(100));
  const [port = 0, controllerPort = 0, verifyPort = 0] = await freePorts(3);
  const settings = settingsSchema.parse({
    ...extra,
    http: { port: controllerPort, hosts: ["cctv.example"], ...extra.http },
    nginx: { port, verifyPort },
    paths: { web, live, state: join(folder, "state") },
  });
  return { folder, settings };
}

/** The controller's HTTP side behind a real NGINX, with a product that is not real. */
export class NginxSite {
  readonly service = new FakeService();
  readonly media: FakeMedia;
  readonly viewers = new ViewerCounter(systemClock);
  readonly settings: Settings;
  readonly auth: Auth;
  readonly #folder: string;
  readonly #server: HttpServer;
  #nginx: Nginx | undefined;
  #certificate: { close(): void } | null = null;

  /** With accounts everybody must sign in, and nobody can yet. */
  static async start(events?: HttpServerOptions["events"], extra: ExtraSettings = {}): Promise<NginxSite> {
    const { folder, settings } = await siteSettings(extra);
    const site = new NginxSite(folder, settings, events);
    await site.#server.listen(settings.http.port);
    site.#certificate = await openCertificate(settings, silentLog, () => undefined);
    site.#nginx = await Nginx.start({ settings, log: silentLog });
    return site;
  }

  private constructor(folder: string, settings: Settings, events: HttpServerOptions["events"]) {
    this.#folder = folder;
    this.settings = settings;
    this.auth = settings.access.auth === "off" ? { kind: "off" } : openAccounts(settings.paths.state);
    this.media = new FakeMedia(settings.paths.live ?? "");
    const { service, media, viewers } = this;
    const { hosts } = settings.http;
    const options = {
      service,
      media,
      viewers,
      hosts,
      auth: this.auth,
      publicPort: settings.nginx.port,
      basePath: settings.http.basePath,
      allow: () => this.settings.access.allow,
      clock: systemClock,
      log: silentLog,
    };
    this.#server = new HttpServer({ ...options, ...(events && { events }) });
  }

  /** Throws where there are none. */
  get accounts(): Accounts {
    if (this.auth.kind === "off") throw new Error("This site has no accounts.");
    return this.auth.accounts;
  }

  /** The public port. */
  get port(): number {
    return this.settings.nginx.port;
  }

  /** After another certificate lies there. */
  reload(): void {
    this.#nginx?.reload();
  }

  /** Ends the controller's side; NGINX goes on. */
  async stopController(): Promise<void> {
    await this.#server.close();
  }

  async close(): Promise<void> {
    this.#certificate?.close();
    await this.#nginx?.close();
    await this.#server.close();
    rmSync(this.#folder, { recursive: true });
  }
}
