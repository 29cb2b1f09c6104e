/** What the doctor can learn of accounts and TLS. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SetUpToken } from "../../accounts/set-up-token.js";
import type { Settings } from "../../config/schema.js";
import { tlsFiles, type TlsFiles } from "../../config/tls-files.js";
import type { SessionView } from "../../http/wire-accounts.js";
import { namesNow, whyNew } from "../../ops/certificate.js";
import type { AccountFacts, CertificateFacts } from "../../ops/doctor/judge-door.js";
import { askController } from "../../ops/doctor/service-answers.js";

/** The service tells everybody whether there is an administrator; where it does not run, a waiting token says that there is none. */
export async function readAccounts({ access, http, nginx, paths }: Settings): Promise<AccountFacts> {
  if (access.auth === "off") return { auth: "off", address: nginx.address };
  const answer = await askController(http.port, "/api/session");
  if (answer?.ok === true) return { auth: "accounts", needsSetUp: (answer.body as SessionView).needsSetUp };
  return { auth: "accounts", needsSetUp: new SetUpToken(paths.state).read() === null ? null : true };
}

export async function readCertificate(settings: Settings): Promise<CertificateFacts> {
  const { tls, nginx, http } = settings;
  const files = tlsFiles(settings);
  if (files === null) return { mode: "off", address: nginx.address };
  return tls.mode === "files" ? readFiles(files) : readSelfMade(files, http.hosts);
}

async function readSelfMade(files: TlsFiles, hosts: readonly string[]): Promise<CertificateFacts> {
  try {
    const pem = { certificate: await readFile(files.certificate, "utf8"), key: await readFile(files.key, "utf8") };
    return { mode: "self-made", state: "made", why: whyNew(pem, namesNow(hosts), Date.now(), false) };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { mode: "self-made", state: missing ? "missing" : "hidden", why: null };
  }
}

async function readFiles({ certificate, key }: TlsFiles): Promise<CertificateFacts> {
  const facts = { mode: "files", path: certificate } as const;
  try {
    await readFile(key);
    return { ...facts, endsAtMs: Date.parse(new X509Certificate(await readFile(certificate)).validTo), why: "" };
  } catch (error) {
    return { ...facts, endsAtMs: null, why: `it cannot be read: ${(error as Error).message}` };
  }
}
