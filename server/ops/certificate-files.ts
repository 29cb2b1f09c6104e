/**
 * The certificate of `tls.mode: files`, which somebody else renews (an ACME client, for instance). Looks now and then whether another
 * one lies there, and tells of it when its key fits: both files are never changed at once. Owns its timer.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { TlsFiles } from "../config/tls-files.js";
import type { Log } from "../lib/log.js";

export interface CertificateFilesOptions {
  readonly files: TlsFiles;
  readonly log: Log;
  /** Time between two looks, in milliseconds; default: a minute. */
  readonly lookMs?: number;
}

export class CertificateFiles {
  readonly #options: CertificateFilesOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #onRenewed: () => void;
  /** The pair that is served, as text; null: not read yet. */
  #served: string | null = null;
  /** What was wrong at the last look: it is told once. */
  #wrong = "";
  #isLooking = false;

  /** Takes what lies there now for what is served. */
  constructor(options: CertificateFilesOptions, onRenewed: () => void) {
    this.#options = options;
    this.#onRenewed = onRenewed;
    this.#timer = setInterval(() => void this.#look(), options.lookMs ?? 60_000).unref();
    void this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Never rejects. A disk that hangs is not asked twice. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#compare();
      this.#wrong = "";
    } catch (error) {
      const wrong = String(error);
      if (wrong !== this.#wrong)
        this.#options.log.error("the files of the certificate are no use as they are", { wrong });
      this.#wrong = wrong;
    } finally {
      this.#isLooking = false;
    }
  }

  async #compare(): Promise<void> {
    const { files, log } = this.#options;
    const [certificate, key] = await Promise.all([files.certificate, files.key].map((path) => readFile(path, "utf8")));
    const pair = `${certificate}${key}`;
    if (pair === this.#served) return;
    const parsed = new X509Certificate(certificate ?? "");
    if (!parsed.checkPrivateKey(createPrivateKey(key ?? "")))
      throw new Error(`The key ${files.key} is not that of ${files.certificate}.`);
    const isFirst = this.#served === null;
    this.#served = pair;
    if (isFirst) return;
    log.info("another certificate lies there and is taken over", {
      certificate: files.certificate,
      validTo: parsed.validTo,
    });
    this.#onRenewed();
  }
}
