/**
 * The self-made certificate (`tls.mode: self-made`), for the names and addresses of this machine. Made at the start where it is
 * missing, and anew when an address or a name is not in it, or 30 days before its end; looked at each hour. Owns its timer and a
 * run of openssl; the files stay.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename } from "node:fs/promises";
import { isIP, isIPv4 } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { dirname } from "node:path";
import type { TlsFiles } from "../config/tls-files.js";
import { AppError } from "../lib/errors.js";
import { hostOf, namesOfHost } from "../lib/host-name.js";
import type { Log } from "../lib/log.js";
import { readAnswer } from "../process/read-answer.js";

/** Browsers take none that lasts longer than 398 days. */
const lastsDays = 397;
const renewMs = 30 * 86_400_000;
const lookMs = 3_600_000;
/** A key on an elliptic curve takes milliseconds. */
const limitMs = 20_000;

export interface Names {
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
}

/** What the machine goes by now. `hosts` are those of the settings, which may be addresses. */
export function namesNow(hosts: readonly string[]): Names {
  const all = [
    ...hosts.map((host) => hostOf(host)?.replace(/^\[|\]$/g, "") ?? ""),
    "localhost",
    ...namesOfHost(hostname()),
  ];
  const ours = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
  const addresses = [
    ...ours.filter((address) => !address.startsWith("fe80:")),
    ...all.filter((name) => isIP(name) > 0),
  ];
  const plain = all
    .map((name) => name.toLowerCase())
    .filter((name) => /^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$/.test(name));
  return { hosts: [...new Set(plain.filter((name) => isIP(name) === 0))], addresses: [...new Set(addresses)] };
}

/**
 * Why another certificate is needed; null: this one does. A new address of IPv6 is no reason: temporary ones change each day, and
 * every new certificate has to be trusted anew on every device.
 */
export function whyNew(pem: { certificate: string; key: string } | null, names: Names, nowMs: number): string | null {
  if (pem === null) return "there is none";
  try {
    const certificate = new X509Certificate(pem.certificate);
    if (!certificate.checkPrivateKey(createPrivateKey(pem.key))) return "its key is another one";
    if (Date.parse(certificate.validTo) - nowMs < renewMs) return `it ends on ${certificate.validTo}`;
    if (Date.parse(certificate.validFrom) > nowMs) return "it begins in the future";
    const lacking =
      names.hosts.find((name) => certificate.checkHost(name) === undefined) ??
      names.addresses.find((address) => isIPv4(address) && certificate.checkIP(address) === undefined);
    return lacking === undefined ? null : `${lacking} is not in it`;
  } catch (error) {
    return `it cannot be read: ${String(error)}`;
  }
}

export interface CertificateOptions {
  readonly files: TlsFiles;
  /** Further names of the settings. */
  readonly hosts: readonly string[];
  readonly log: Log;
}

export class Certificate {
  readonly #options: CertificateOptions;
  readonly #timer: NodeJS.Timeout;

  /** Resolves when there is one that does. Rejects `programMissing` or `configInvalid` when it cannot be made. */
  static async open(options: CertificateOptions, onRenewed: () => void): Promise<Certificate> {
    await renew(options);
    return new Certificate(options, onRenewed);
  }

  private constructor(options: CertificateOptions, onRenewed: () => void) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(onRenewed), lookMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(onRenewed: () => void): Promise<void> {
    try {
      if (await renew(this.#options)) onRenewed();
    } catch (error) {
      this.#options.log.error("the certificate could not be renewed; it is tried again in an hour", { error });
    }
  }
}

/** Whether there is a new one. */
async function renew({ files, hosts, log }: CertificateOptions): Promise<boolean> {
  const names = namesNow(hosts);
  const why = whyNew(await present(files), names, Date.now());
  if (why === null) return false;
  await make(files, names);
  log.info(`a new certificate was made: ${why}`, { certificate: files.certificate, ...names });
  return true;
}

async function present(files: TlsFiles): Promise<{ certificate: string; key: string } | null> {
  try {
    return { certificate: await readFile(files.certificate, "utf8"), key: await readFile(files.key, "utf8") };
  } catch {
    return null;
  }
}

async function make(files: TlsFiles, { hosts, addresses }: Names): Promise<void> {
  const [key, certificate] = [`${files.key}.new`, `${files.certificate}.new`];
  await mkdir(dirname(files.key), { recursive: true, mode: 0o700 });
  const names = [...hosts.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)].join(",");
  const answer = await readAnswer({
    program: "openssl",
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256"],
      ...["-keyout", key, "-out", certificate, "-days", String(lastsDays), "-subj", "/CN=Smart Toggle"],
      ...["-addext", `subjectAltName=${names}`, "-addext", "extendedKeyUsage=serverAuth"],
      ...["-addext", "keyUsage=critical,digitalSignature"],
    ],
    limitMs,
  });
  if (!answer.known) throw new AppError("programMissing", `No certificate could be made: ${answer.why}`);
  if (answer.value.code !== 0) {
    throw new AppError("configInvalid", `openssl made no certificate (tls.mode: self-made): ${answer.value.text}`);
  }
  for (const file of [key, certificate]) await chmod(file, 0o600);
  // The key first: with the former certificate it does not fit, and both are made anew at the next start.
  await rename(key, files.key);
  await rename(certificate, files.certificate);
}
