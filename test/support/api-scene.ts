/** The HTTP server of the API on a port of its own, with a service that is made up. Whoever opens it closes it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpServer } from "../../server/http/http-server.js";
import { ViewerCounter } from "../../server/http/viewers.js";
import { systemClock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import { FakeMedia } from "./fake-media.js";
import { FakeService } from "./fake-service.js";

export class ApiScene {
  readonly service = new FakeService();
  readonly folder = mkdtempSync(join(tmpdir(), "smart-toggle-api-"));
  readonly #server = this.newServer();
  port = 0;

  static async open(): Promise<ApiScene> {
    const scene = new ApiScene();
    scene.port = await scene.#server.listen(0);
    return scene;
  }

  /** Another one of the same kind, which does not listen yet. It is reached as cctv.example too, and takes one event stream. */
  newServer(): HttpServer {
    return new HttpServer({
      service: this.service,
      media: new FakeMedia(this.folder),
      viewers: new ViewerCounter(systemClock),
      ...{ auth: { kind: "off" }, publicPort: 1, basePath: "/", allow: () => [] },
      hosts: ["cctv.example"],
      clock: systemClock,
      log: silentLog,
      events: { limit: 1 },
    });
  }

  async close(): Promise<void> {
    await this.#server.close();
    rmSync(this.folder, { recursive: true });
  }
}
