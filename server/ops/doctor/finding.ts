/** What the doctor says of one thing. Pure. */
export const verdicts = ["good", "warning", "broken", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];

export interface Finding {
  /** What was looked at, in a few words. */
  readonly subject: string;
  readonly verdict: Verdict;
  readonly why: string;
  /** The command or the change that mends it; null where there is none. */
  readonly mend: string | null;
}

export const good = (subject: string, why: string): Finding => ({ subject, verdict: "good", why, mend: null });
export const warning = (subject: string, why: string, mend: string | null): Finding => ({
  ...{ subject, verdict: "warning", why, mend },
});
export const broken = (subject: string, why: string, mend: string | null): Finding => ({
  ...{ subject, verdict: "broken", why, mend },
});
/** What could not be read is neither good nor bad. */
export const unknownFinding = (subject: string, why: string): Finding => ({
  ...{ subject, verdict: "unknown", why, mend: null },
});
