/** One rung: this signal to the whole process group, then at most so long for it to be gone. */
export interface StopRung {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** How a child is stopped, gentlest first. `endingInKill` makes sure of the last rung. */
export type StopLadder = readonly StopRung[];

/** How long the kernel may take to be rid of a killed group; a process longer in D state is called stuck. */
export const killWaitMs = 1000;

/** Straight to SIGKILL: for what holds nothing that a clean end would save. */
export const killLadder: StopLadder = [{ signal: "SIGKILL", waitMs: killWaitMs }];

/**
 * The same ladder with SIGKILL as its last rung, because some programs ignore all else: rpicam-vid while it restarts
 * itself inside, or while nobody reads its output.
 */
export function endingInKill(ladder: StopLadder): StopLadder {
  return ladder.at(-1)?.signal === "SIGKILL" ? ladder : [...ladder, ...killLadder];
}
