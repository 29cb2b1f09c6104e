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
] as const;
export type AuditAction = (typeof auditActions)[number];
