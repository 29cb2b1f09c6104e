/** Whether the service is heard: the pure side of the check that runs each 2 s (C2). */
export interface Reach {
  /** Something was heard since the last check. */
  readonly heard: boolean;
  /** Checks in a row that ended without an answer. */
  readonly misses: number;
}

export type ReachEvent = "heard" | "unanswered" | "restarted";

export const unknownReach: Reach = { heard: false, misses: 0 };

/** Time between two checks, and the longest an answer may take. */
export const checkMs = 2000;

export function reachAfter(reach: Reach, event: ReachEvent): Reach {
  switch (event) {
    case "heard":
      return { heard: true, misses: 0 };
    case "unanswered":
      return { heard: false, misses: reach.misses + 1 };
    case "restarted":
      return unknownReach;
  }
}

/** One check: if nothing came by itself since the last one, the service must be asked. */
export function check(reach: Reach): { readonly reach: Reach; readonly ask: boolean } {
  return { reach: { ...reach, heard: false }, ask: !reach.heard };
}
