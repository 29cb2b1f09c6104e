import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type ConnectionOptions } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tlsFiles, type TlsFiles } from "../../../server/config/tls-files.js";
import { systemClock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { CertificateFiles } from "../../../server/ops/certificate-files.js";
import { Certificate } from "../../../server/ops/certificate.js";
import { freePorts } from "../../support/free-ports.js";
import { NginxSite, pageText } from "../../support/nginx-site.js";
import { request } from "../../support/request.js";
import { until } from "../../support/until.js";

describe("G5 TLS, by a certificate of our own", () => {
  let site: NginxSite;
  let port: number;
  let files: TlsFiles;

  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    site = await NginxSite.start(undefined, { access: { auth: "accounts" }, tls: { mode: "self-made", port } });
    files = tlsFiles(site.settings) ?? { certificate: "", key: "" };
  });

  afterAll(() => site.close());

  /** Rejects where the certificate is not the one we trust, or not for this name. */
  async function ask(method: string, path: string, body?: object, servername = "localhost") {
    const headers = { Host: `${servername}:${port}`, ...(body && { "Content-Type": "application/json" }) };
    const ca = readFileSync(files.certificate);
    const req = httpsRequest({ host: "127.0.0.1", port, servername, ca, method, path, headers, agent: false });
    req.end(body && JSON.stringify(body));
    const [res] = (await once(req, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of res.setEncoding("utf8")) text += chunk as string;
    return { status: res.statusCode, headers: res.headers, text };
  }

  async function handshake(options: ConnectionOptions) {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
    try {
      await once(socket, "secureConnect");
      const { fingerprint256 } = socket.getPeerCertificate();
      return { protocol: socket.getProtocol(), alpn: socket.alpnProtocol, fingerprint256 };
    } finally {
      socket.destroy();
    }
  }

  it("gives the page out to who trusts the certificate that it lets everybody have", async () => {
    expect(await ask("GET", "/")).toMatchObject({ status: 200, text: pageText });
    expect((await ask("GET", "/api/status")).status).toBe(401);
    await expect(ask("GET", "/", undefined, "other.example")).rejects.toThrow(/altnames|certificate/i);
  });

  it("speaks TLS 1.3 and nothing older, and HTTP/2", async () => {
    expect(await handshake({ ALPNProtocols: ["h2", "http/1.1"] })).toMatchObject({ protocol: "TLSv1.3", alpn: "h2" });
    await expect(handshake({ maxVersion: "TLSv1.2" })).rejects.toThrow();
  });

  it("answers nothing without TLS, but the way there", async () => {
    const reply = await request(site.port, "/hls/main/part_1.m4s?x=1", { headers: { Host: `localhost:${site.port}` } });
    expect(reply).toMatchObject({ status: 308 });
    expect(reply.headers["location"]).toBe(`https://localhost:${port}/hls/main/part_1.m4s?x=1`);
    expect((await request(site.port, "/", { headers: { Host: "evil.example" } })).status).toBe(421);
    const split = await request(site.port, "/%0d%0aSet-Cookie:%20x=1", { headers: { Host: "localhost" } });
    expect(split.headers["set-cookie"]).toBeUndefined();
  });

  it("marks the session's cookie as one for TLS alone", async () => {
    const token = site.accounts.setUpToken();
    const reply = await ask("POST", "/api/setup", { token, name: "Ann", password: "correct horse battery" });
    expect(reply.status).toBe(200);
    expect(reply.headers["set-cookie"]).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Strict; .*; Secure$/)]);
  });

  it("takes over another certificate without a stop", async () => {
    const before = await handshake({});
    expect(before.fingerprint256).toBe(new X509Certificate(readFileSync(files.certificate)).fingerprint256);
    rmSync(files.certificate);
    (
      await Certificate.open({ files, hosts: ["cctv.example"], clock: systemClock, log: silentLog }, () => undefined)
    ).close();
    site.reload();
    const after = new X509Certificate(readFileSync(files.certificate)).fingerprint256;
    expect(after).not.toBe(before.fingerprint256);
    await until("the new certificate is shown", 10_000, async () => (await handshake({})).fingerprint256 === after);
  });
});

describe("G5 TLS, by files of somebody else", () => {
  it("is served, and another pair as soon as it lies there whole", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smart-toggle-tls-"));
    const files = { certificate: join(folder, "fullchain.pem"), key: join(folder, "privkey.pem") };
    const make = async (into: TlsFiles) => {
      (await Certificate.open({ files: into, hosts: [], clock: systemClock, log: silentLog }, () => undefined)).close();
      return new X509Certificate(readFileSync(into.certificate)).fingerprint256;
    };
    const first = await make(files);
    const [port = 0] = await freePorts(1);
    const tls = { mode: "files", port, certificateFile: files.certificate, keyFile: files.key } as const;
    const site = await NginxSite.start(undefined, { tls });
    let [reloads, complaints] = [0, 0];
    const log = { ...silentLog, error: () => void (complaints += 1) };
    const watch = new CertificateFiles({ files, log, lookMs: 50 }, () => {
      reloads += 1;
      site.reload();
    });
    const shown = async () => {
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
      await once(socket, "secureConnect");
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    try {
      expect(await shown()).toBe(first);
      const next = { certificate: `${files.certificate}.next`, key: `${files.key}.next` };
      const second = await make(next);
      renameSync(next.certificate, files.certificate);
      // With the former key it is of no use, and NGINX goes on with what it has.
      await until("it is seen to be unfit", 5000, () => complaints === 1);
      expect([reloads, await shown()]).toEqual([0, first]);
      renameSync(next.key, files.key);
      await until("the new certificate is shown", 10_000, async () => (await shown()) === second);
      expect([reloads, complaints]).toEqual([1, 1]);
    } finally {
      watch.close();
      await site.close();
      rmSync(folder, { recursive: true });
    }
  });
});
