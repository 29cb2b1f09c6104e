/** Judgements on who gets in: accounts and TLS. Pure. */
import { broken, good, unknownFinding, warning, type Finding } from "./finding.js";

/** `address`: where the public side listens. */
const isLocal = (address: string): boolean => /^(?:127\.|::1$|localhost$)/.test(address);

/** `needsSetUp`: no administrator was made yet; null: nobody could be asked. */
export type AccountFacts =
  | { readonly auth: "off"; readonly address: string }
  | { readonly auth: "accounts"; readonly needsSetUp: boolean | null };

export function judgeAccounts(facts: AccountFacts): Finding {
  const subject = "accounts";
  if (facts.auth === "off") {
    if (isLocal(facts.address)) return good(subject, "none, and only this machine itself reaches the page");
    const why = "none: whoever reaches the page may watch and change everything";
    return warning(subject, why, "set access.auth to accounts, restart, then: sudo smart-toggle set-up-link");
  }
  if (facts.needsSetUp === null) return unknownFinding(subject, "the service tells whether there is an administrator");
  return facts.needsSetUp
    ? warning(subject, "nobody can sign in yet: there is no administrator", "sudo smart-toggle set-up-link")
    : good(subject, "everybody signs in");
}

/** `why`: what is wrong with a self-made one, which is mended at the next start; `endsAtMs`: of one from files. */
export type CertificateFacts =
  | { readonly mode: "off"; readonly address: string }
  | { readonly mode: "self-made"; readonly state: "made" | "missing" | "hidden"; readonly why: string | null }
  | { readonly mode: "files"; readonly path: string; readonly endsAtMs: number | null; readonly why: string };

const dayMs = 86_400_000;
/** As many authorities remind their customers. */
const soonMs = 14 * dayMs;

export function judgeCertificate(facts: CertificateFacts, nowMs: number): Finding {
  const subject = "TLS";
  switch (facts.mode) {
    case "off":
      if (isLocal(facts.address)) return good(subject, "none, and only this machine itself reaches the page");
      return warning(subject, "none: the network can read along", "set tls.mode to self-made and restart");
    case "self-made":
      if (facts.state === "hidden")
        return unknownFinding(subject, "the certificate is the service's to read; ask as root");
      if (facts.state === "missing") return good(subject, "self-made: the certificate is made at the first start");
      return facts.why === null
        ? good(subject, "self-made, for all names and addresses of this machine")
        : warning(subject, `the certificate is to be made anew: ${facts.why}`, "sudo systemctl restart smart-toggle");
    case "files":
      return judgeFiles(subject, facts, nowMs);
  }
}

function judgeFiles(
  subject: string,
  { path, endsAtMs, why }: Extract<CertificateFacts, { mode: "files" }>,
  nowMs: number,
): Finding {
  if (endsAtMs === null) return broken(subject, why, `see to it that the service's user may read ${path} and its key`);
  const day = new Date(endsAtMs).toISOString().slice(0, 10);
  const renew = `put a new certificate at ${path}, and its key beside it: they count a minute later`;
  if (endsAtMs <= nowMs) return broken(subject, `the certificate ended on ${day}`, renew);
  return endsAtMs - nowMs < soonMs
    ? warning(subject, `the certificate ends on ${day}`, renew)
    : good(subject, `of ${path}, until ${day}`);
}
