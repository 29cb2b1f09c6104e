import type { Settings } from "../config/schema.js";
import { tlsFiles } from "../config/tls-files.js";
import { systemClock as clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { CertificateFiles } from "../ops/certificate-files.js";
import { Certificate } from "../ops/certificate.js";

/**
 * Makes the certificate where it is ours to make, and looks after it; null: there is none. `onRenewed` is called when there is
 * another one.
 */
export async function openCertificate(
  settings: Settings,
  allLog: Log,
  onRenewed: () => void,
): Promise<{ close(): void } | null> {
  const files = tlsFiles(settings);
  if (files === null) return null;
  const log = allLog.child({ part: "certificate" });
  if (settings.tls.mode === "files") return new CertificateFiles({ files, log }, onRenewed);
  return Certificate.open({ files, hosts: settings.http.hosts, clock, log }, onRenewed);
}
