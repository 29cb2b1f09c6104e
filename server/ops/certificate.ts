/**
 * The self-made certificate (`tls.mode: self-made`), for the names and addresses of this machine. Made at the start where it is
 * missing, and anew when an address or a name is not in it (looked at each hour), or 30 days before its end (each minute: the
 * clock of a Pi is set some time after its start). One that cannot be made anew is served on. Owns its timer and a run of
 * openssl; the files stay.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename } from "node:fs/promises";
import { isIP, isIPv4 } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { dirname } from "node:path";
import type { TlsFiles } from "../config/tls-files.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import { hostOf, namesOfHost } from "../lib/host-name.js";
import type { Log } from "../lib/log.js";
import { readAnswer } from "../process/read-answer.js";

/** Browsers take none that lasts longer than 398 days. */
const lastsDays = 397;
const renewMs = 30 * 86_400_000;
const minuteMs = 60_000;
/** Of so many looks one is at everything. */
const wholeEvery = 60;
/** A key on an elliptic curve takes milliseconds. */
const limitMs = 20_000;

export interface Names {
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
}

const noNames: Names = { hosts: [], addresses: [] };

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
 * every new certificate has to be trusted anew on every device. Nor is one that begins in the future, where the clock may not be
 * set yet (`clockIsSet`): it is the clock that is wrong, and a certificate of that time would have ended before the true one.
 */
export function whyNew(pem: Pem | null, names: Names, nowMs: number, clockIsSet = true): string | null {
  if (pem === null) return "there is none";
  try {
    const certificate = new X509Certificate(pem.certificate);
    if (!certificate.checkPrivateKey(createPrivateKey(pem.key))) return "its key is another one";
    if (Date.parse(certificate.validTo) - nowMs < renewMs) return `it ends on ${certificate.validTo}`;
    if (clockIsSet && Date.parse(certificate.validFrom) > nowMs) return "it begins in the future";
    const lacking =
      names.hosts.find((name) => certificate.checkHost(name) === undefined) ??
      names.addresses.find((address) => isIPv4(address) && certificate.checkIP(address) === undefined);
    return lacking === undefined ? null : `${lacking} is not in it`;
  } catch (error) {
    return `it cannot be read: ${String(error)}`;
  }
}

interface Pem {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateOptions {
  readonly files: TlsFiles;
  /** Further names of the settings. */
  readonly hosts: readonly string[];
  readonly clock: Pick<Clock, "epochMs">;
  readonly log: Log;
  /** Time between two looks, in milliseconds; default: a minute. */
  readonly lookMs?: number;
}

export class Certificate {
  readonly #o: CertificateOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #onRenewed: () => void;
  #looks = 0;
  #isLooking = false;
  /** Why it could not be made anew: it is told once. */
  #wrong = "";

  /** Resolves when there is one to be served. Rejects `programMissing` or `stateUnusable` when there is none and none can be made. */
  static async open(options: CertificateOptions, onRenewed: () => void): Promise<Certificate> {
    const certificate = new Certificate(options, onRenewed);
    try {
      await certificate.#renew(namesNow(options.hosts), false);
    } catch (error) {
      // A card that became read-only, and another address by then: a warning of the browser is better than no page.
      if (fits(await present(options.files))) certificate.#tell(error);
      else {
        certificate.close();
        throw error;
      }
    }
    return certificate;
  }

  private constructor(options: CertificateOptions, onRenewed: () => void) {
    this.#o = options;
    this.#onRenewed = onRenewed;
    this.#timer = setInterval(() => void this.#look(), options.lookMs ?? minuteMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Never rejects. A disk that hangs is not asked twice. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#looks += 1;
    const isWhole = this.#looks % wholeEvery === 0;
    try {
      if (await this.#renew(isWhole ? namesNow(this.#o.hosts) : noNames, isWhole)) this.#onRenewed();
    } catch (error) {
      this.#tell(error);
    } finally {
      this.#isLooking = false;
    }
  }

  /** Whether there is a new one; `names` are those it has to have. */
  async #renew(names: Names, clockIsSet: boolean): Promise<boolean> {
    const { files, hosts, clock, log } = this.#o;
    const why = whyNew(await present(files), names, clock.epochMs(), clockIsSet);
    if (why === null) return false;
    const all = namesNow(hosts);
    await make(files, all);
    this.#wrong = "";
    log.info(`a new certificate was made: ${why}`, { certificate: files.certificate, ...all });
    return true;
  }

  #tell(error: unknown): void {
    const wrong = String(error);
    if (wrong !== this.#wrong)
      this.#o.log.error("the certificate could not be made anew; it is tried again", { error });
    this.#wrong = wrong;
  }
}

/** Whether NGINX can serve it, whatever it is for. */
function fits(pem: Pem | null): boolean {
  try {
    return pem !== null && new X509Certificate(pem.certificate).checkPrivateKey(createPrivateKey(pem.key));
  } catch {
    return false;
  }
}

async function present(files: TlsFiles): Promise<Pem | null> {
  try {
    return { certificate: await readFile(files.certificate, "utf8"), key: await readFile(files.key, "utf8") };
  } catch {
    return null;
  }
}

async function make(files: TlsFiles, { hosts, addresses }: Names): Promise<void> {
  const [key, certificate] = [`${files.key}.new`, `${files.certificate}.new`];
  try {
    await mkdir(dirname(files.key), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError("stateUnusable", `The folder of the certificate cannot be made: ${String(cause)}`, { cause });
  }
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
    throw new AppError("stateUnusable", `openssl made no certificate (tls.mode: self-made): ${answer.value.text}`);
  }
  for (const file of [key, certificate]) await chmod(file, 0o600);
  // The key first: with the former certificate it does not fit, and both are made anew at the next start.
  await rename(key, files.key);
  await rename(certificate, files.certificate);
}
