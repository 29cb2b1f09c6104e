/**
 * The budgets of the first release, and the goals behind them where the design states one. The figures are those of the design; `docs/performance.md`
 * says how each is measured. A lower value is always better.
 */
export const budgets = {
  glassMedian: { limit: 900, goal: 600 },
  glassP95: { limit: 1100, goal: null },
  clickMedian: { limit: 1800, goal: 1400 },
  clickP99: { limit: 2500, goal: null },
  /** As without it, until a release promises more. */
  warmClickMedian: { limit: 1800, goal: 800 },
  instantP95: { limit: 150, goal: 80 },
  playerReloads: { limit: 0, goal: null },
  ownShareP99: { limit: 450, goal: 320 },
  reloadP99: { limit: 20, goal: 8 },
  controllerCpu: { limit: 6, goal: 3 },
  cpuRatio: { limit: 1.6, goal: 1.2 },
  controllerMemory: { limit: 130, goal: 90 },
  wholeMemory: { limit: 300, goal: 200 },
  finishCpu: { limit: 150, goal: null },
  recordingCpu: { limit: 1, goal: null },
  /** Not at all, but for the kernel's tick of 4 ms by which files are dated, at both ends of the time between two. */
  recordingRhythm: { limit: 8, goal: null },
  /** At a million rows. */
  dayQuery: { limit: 20, goal: null },
  signedInCpu: { limit: 5, goal: null },
  recovery: { limit: 3000, goal: 1500 },
} as const satisfies Record<string, { readonly limit: number; readonly goal: number | null }>;

export type BudgetId = keyof typeof budgets;
