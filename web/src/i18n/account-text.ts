import type { AuditEntryView, Role } from "../../../server/http/wire-accounts.js";
import type { Dictionary } from "./dictionary.js";

export function roleText(t: Dictionary, role: Role): string {
  switch (role) {
    case "viewer":
      return t.roleViewer;
    case "operator":
      return t.roleOperator;
    case "administrator":
      return t.roleAdministrator;
  }
}

/** What an action was about: what stands behind the name (a role, what was changed) in the page's words. */
export function auditSubjectText(t: Dictionary, subject: string): string {
  const end = subject.lastIndexOf(": ");
  if (end < 0) return subject;
  const details = subject.slice(end + 2).split(", ");
  return `${subject.slice(0, end)}: ${details.map((detail) => detailText(t, detail)).join(", ")}`;
}

/** Of a detail that is not known here the service's own words. */
function detailText(t: Dictionary, detail: string): string {
  const texts: Readonly<Record<string, string>> = {
    password: t.newPassword,
    "enabled true": `${t.accountEnabled} ✓`,
    "enabled false": `${t.accountEnabled} ✕`,
  };
  const role = roles.find((each) => detail === each || detail === `role ${each}`);
  if (role !== undefined) return roleText(t, role).split(":")[0] ?? role;
  return Object.hasOwn(texts, detail) ? (texts[detail] ?? detail) : detail;
}

const roles: readonly Role[] = ["viewer", "operator", "administrator"];

const actionKeys = {
  setUp: "auditSetUp",
  signedIn: "auditSignedIn",
  signInFailed: "auditSignInFailed",
  signInLimited: "auditSignInLimited",
  signedOut: "auditSignedOut",
  passwordChanged: "auditPasswordChanged",
  accountMade: "auditAccountMade",
  accountChanged: "auditAccountChanged",
  accountRemoved: "auditAccountRemoved",
  keyMade: "auditKeyMade",
  keyRemoved: "auditKeyRemoved",
  settingsChanged: "auditSettingsChanged",
  cameraChanged: "auditCameraChanged",
  modeChanged: "auditModeChanged",
  recordingSteered: "auditRecordingSteered",
  recordingRemoved: "auditRecordingRemoved",
  recordingExported: "auditRecordingExported",
  drillsRun: "auditDrillsRun",
} as const satisfies Record<AuditEntryView["action"], keyof Dictionary>;

export function auditText(t: Dictionary, action: AuditEntryView["action"]): string {
  return t[actionKeys[action]];
}
