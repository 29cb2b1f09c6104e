import type { Settings } from "../config/schema.js";
import { tlsFiles } from "../config/tls-files.js";
import type { Log } from "../lib/log.js";
import { Certificate } from "../ops/certificate.js";

/** Makes the certificate where it is ours to make; null: it is not. `onRenewed` is called when there is another one. */
export async function openCertificate(
  settings: Settings,
  log: Log,
  onRenewed: () => void,
): Promise<Certificate | null> {
  const files = settings.tls.mode === "self-made" ? tlsFiles(settings) : null;
  if (files === null) return null;
  return Certificate.open({ files, hosts: settings.http.hosts, log: log.child({ part: "certificate" }) }, onRenewed);
}
