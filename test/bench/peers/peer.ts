/**
 * A peer to be measured beside the product: one camera, one ffmpeg, a static file server and a page with hls.js. Owned
 * by the measurement, which closes it; `close` ends its processes and removes its folder.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../support/until.js";
import { fileVersion, serveFile } from "./serve-file.js";
import { prepareCameras, startCamera, type CameraProcess } from "./simulated-camera.js";

export interface PeerKind {
  readonly name: string;
  /** Arguments of ffmpeg, which reads the camera's MJPEG on its standard input. */
  encoderArguments(playlist: string): readonly string[];
  /** Playlist of a camera, below the folder of the media. */
  playlist(camera: number): string;
  /** Wait between the end of the old camera and the start of the new one, in milliseconds. */
  readonly settleMs: number;
  /** Text of the page's script; hls.js is there as `Hls`, the video as `video`. */
  readonly script: string;
}

/** A playlist with its first segment is there by then. */
const readyMs = 30_000;

export class Peer {
  readonly kind: PeerKind;
  readonly #folder = mkdtempSync(join(tmpdir(), "peer-"));
  readonly #media = mkdtempSync("/dev/shm/smart-toggle-peer-");
  readonly #server: Server;
  #camera = 0;
  #source: CameraProcess | undefined;
  #encoder: ChildProcess | undefined;

  private constructor(kind: PeerKind) {
    this.kind = kind;
    this.#server = createServer((req, res) => {
      void this.#answer(req.url ?? "/").then((body) => {
        if (body === null) serveFile(req.url ?? "/", this.#media, res);
        else res.writeHead(200, { "Content-Type": body.type, "Cache-Control": "no-store" }).end(body.text);
      });
    });
  }

  /** Starts everything and waits for the first playlist. */
  static async start(kind: PeerKind): Promise<Peer> {
    const peer = new Peer(kind);
    peer.#server.listen(0, "127.0.0.1");
    await once(peer.#server, "listening");
    await prepareCameras(join(peer.#folder, "simulation"));
    await peer.#startPipeline(0);
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  get encoderPid(): number {
    return this.#encoder?.pid ?? 0;
  }

  async close(): Promise<void> {
    await this.#stopPipeline();
    this.#server.closeAllConnections();
    await once(this.#server.close(), "close");
    rmSync(this.#folder, { recursive: true, force: true });
    rmSync(this.#media, { recursive: true, force: true });
  }

  async #answer(url: string): Promise<{ readonly type: string; readonly text: string } | null> {
    if (url === "/") return { type: "text/html; charset=utf-8", text: this.#page() };
    if (!url.startsWith("/switch?camera=")) return null;
    await this.#stopPipeline();
    await new Promise((resolve) => setTimeout(resolve, this.kind.settleMs));
    await this.#startPipeline(Number(url.slice("/switch?camera=".length)));
    return { type: "application/json", text: "{}" };
  }

  async #startPipeline(camera: number): Promise<void> {
    const playlist = join(this.#media, this.kind.playlist(camera));
    mkdirSync(join(playlist, ".."), { recursive: true });
    const before = fileVersion(playlist);
    this.#camera = camera;
    this.#source = startCamera(join(this.#folder, "simulation"), camera);
    const args = ["-hide_banner", "-loglevel", "error", "-y", ...this.kind.encoderArguments(playlist)];
    this.#encoder = spawn("ffmpeg", args, { stdio: ["pipe", "ignore", "inherit"] });
    if (this.#encoder.stdin !== null) this.#source.stdout.pipe(this.#encoder.stdin).on("error", () => undefined);
    await until(`the playlist of ${this.kind.name}`, readyMs, () => fileVersion(playlist) !== before);
  }

  /** The seed's order: signal to the camera, then the end of ffmpeg, then the end of the camera. */
  async #stopPipeline(): Promise<void> {
    this.#source?.kill("SIGINT");
    await ended(this.#encoder);
    await ended(this.#source);
  }

  #page(): string {
    return `<!doctype html><meta charset="utf-8"><title>${this.kind.name}</title>
<video muted autoplay playsinline width="640" height="480"></video>
<button data-testid="camera-0" data-camera="0">0</button><button data-testid="camera-1" data-camera="1">1</button>
<script src="/hls.js"></script>
<script>
const video = document.querySelector("video");
const playlist = "/media/${this.kind.playlist(this.#camera)}";
const toggle = (camera) => fetch("/switch?camera=" + camera);
${this.kind.script}
</script>`;
  }
}

function ended(child: ChildProcess | undefined): Promise<unknown> {
  const isOver = child === undefined || child.exitCode !== null || child.signalCode !== null;
  return isOver ? Promise.resolve() : once(child, "exit");
}
