/** Who may do what. A viewer watches, an operator steers, an administrator decides; each may what those before may. */
export const roles = ["viewer", "operator", "administrator"] as const;
export type Role = (typeof roles)[number];

/** The least role that an address asks for; `open`: none. */
export const accessLevels = ["open", ...roles] as const;
export type Access = (typeof accessLevels)[number];

/** Whether a role is enough; null is somebody who is not signed in. */
export function allows(role: Role | null, access: Access): boolean {
  if (access === "open") return true;
  return role !== null && roles.indexOf(role) >= roles.indexOf(access);
}
