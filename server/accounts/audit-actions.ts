/** What the audit log tells of. */
export const auditActions = [
  "setUp",
  "signedIn",
  "signInFailed",
  "signInLimited",
  "signedOut",
  "passwordChanged",
  "accountMade",
  "accountChanged",
  "accountRemoved",
  "keyMade",
  "keyRemoved",
  "settingsChanged",
  "cameraChanged",
  "modeChanged",
  "recordingSteered",
  "recordingRemoved",
  "recordingExported",
  "drillsRun",
] as const;
export type AuditAction = (typeof auditActions)[number];
