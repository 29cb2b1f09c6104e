import { z } from "zod";

/** A whole number in a query; `must` says what it must be. */
export const wholeNumber = (must: string) =>
  z.stringFormat("whole number", /^\d{1,15}$/, { error: must }).transform(Number);

/** The query of a list that is kept newest first. `what` is what it lists. */
export function pageQuery(what: string) {
  return z.strictObject({
    limit: wholeNumber("must be a whole number from 1 to 200")
      .pipe(z.number().min(1).max(200))
      .default(20)
      .meta({ description: `Number of ${what}s, from 1 to 200` }),
    before: wholeNumber(`must be the number of a ${what}`)
      .exactOptional()
      .meta({ description: `Only ${what}s older than the one of this number` }),
  });
}
