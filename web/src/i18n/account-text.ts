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
