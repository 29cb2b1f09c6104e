import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsSchema, type Settings } from "../../server/config/schema.js";
import { HttpServer, type HttpServerOptions } from "../../server/http/http-server.js";
import { ViewerCounter } from "../../server/http/viewers.js";
import { systemClock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import { Nginx } from "../../server/ops/nginx.js";
import { FakeMedia } from "./fake-media.js";
import { FakeService } from "./fake-service.js";
import { freePorts } from "./free-ports.js";

export const pageText = `<!doctype html><title>page</title>${"<p>filling</p>".repeat(100)}`;

/** Folders with a page and live media, and settings with free ports that point to them. */
export async function siteSettings(): Promise<{ folder: string; settings: Settings }> {
  const folder = mkdtempSync(join(tmpdir(), "smart-toggle-nginx-"));
  const [web, live] = [join(folder, "web"), join(folder, "live")];
  mkdirSync(join(web, "assets"), { recursive: true });
  mkdirSync(live);
  writeFileSync(join(web, "index.html"), pageText);
  writeFileSync(join(web, "assets", "index-abc123.js"), `"filling";`.repeat(100));
  const [port = 0, controllerPort = 0, verifyPort = 0] = await freePorts(3);
  const settings = settingsSchema.parse({
    http: { port: controllerPort, hosts: ["cctv.example"] },
    nginx: { port, verifyPort },
    paths: { web, live },
  });
  return { folder, settings };
}

/** The controller's HTTP side behind a real NGINX, with a product that is not real. */
export class NginxSite {
  readonly service = new FakeService();
  readonly media: FakeMedia;
  readonly viewers = new ViewerCounter(systemClock);
  readonly settings: Settings;
  readonly #folder: string;
  readonly #server: HttpServer;
  #nginx: Nginx | undefined;

  static async start(events?: HttpServerOptions["events"]): Promise<NginxSite> {
    const { folder, settings } = await siteSettings();
    const site = new NginxSite(folder, settings, events);
    await site.#server.listen(settings.http.port);
    site.#nginx = await Nginx.start({ settings, log: silentLog });
    return site;
  }

  private constructor(folder: string, settings: Settings, events: HttpServerOptions["events"]) {
    this.#folder = folder;
    this.settings = settings;
    this.media = new FakeMedia(settings.paths.live ?? "");
    const { service, media, viewers } = this;
    const { hosts } = settings.http;
    const options = { service, media, viewers, hosts, clock: systemClock, log: silentLog };
    this.#server = new HttpServer({ ...options, ...(events && { events }) });
  }

  /** The public port. */
  get port(): number {
    return this.settings.nginx.port;
  }

  /** Ends the controller's side; NGINX goes on. */
  async stopController(): Promise<void> {
    await this.#server.close();
  }

  async close(): Promise<void> {
    await this.#nginx?.close();
    await this.#server.close();
    rmSync(this.#folder, { recursive: true });
  }
}
