/** Another NGINX in front of the product, as people have one for several services. Whoever starts it closes it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "./free-ports.js";
import { until } from "./until.js";

const config = (port: number, behind: string, basePath: string): string => `
daemon off;
pid nginx.pid;
error_log stderr error;
worker_processes 1;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:${port};
        location ${basePath} {
            proxy_pass ${behind};
            proxy_http_version 1.1;
            proxy_buffering off;
            proxy_read_timeout 1h;
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $http_host;
        }
        location / {
            return 200 "another service";
        }
    }
}
`;

export class FrontProxy {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly #folder: string;
  readonly #child: ChildProcess;

  /** Passes what lies below `basePath` on to `behind`, an origin, with the path as it is. */
  static async start(behind: string, basePath: string): Promise<FrontProxy> {
    const [port = 0] = await freePorts(1);
    const proxy = new FrontProxy(port, behind, basePath);
    await until("the proxy in front", 10_000, () =>
      fetch(proxy.origin).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return proxy;
  }

  private constructor(port: number, behind: string, basePath: string) {
    this.origin = `http://127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), "front-proxy-"));
    writeFileSync(join(this.#folder, "nginx.conf"), config(port, behind, basePath));
    const nginx = ["nginx", "-p", this.#folder, "-c", "nginx.conf", "-e", "stderr"];
    const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin` };
    this.#child = spawn("setpriv", ["--pdeathsig", "TERM", "--", ...nginx], { env, stdio: "inherit" });
  }

  async close(): Promise<void> {
    this.#child.kill("SIGTERM");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    rmSync(this.#folder, { recursive: true });
  }
}
