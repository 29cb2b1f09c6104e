/**
 * Whether a body is nested deeper than anything of ours is; then it is looked at no further. What walks over it (schemas,
 * words about what is wrong) calls itself for each level, and a body of 64 KB can have 30 000.
 */
export function isTooDeep(value: unknown, levels = 20): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((below) => isTooDeep(below, levels - 1));
}
