/** Longest line kept, in characters: a program that never ends its line must not fill the memory. */
const longestLine = 4096;

/** Cuts a stream of text into lines, at LF, CR LF and at the lone CR of progress displays. Empty lines are left out. */
export class LineCutter {
  #rest = "";

  /** The lines that this piece completes. */
  push(text: string): string[] {
    const pieces = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = (pieces.pop() ?? "").slice(-longestLine);
    return pieces.filter((line) => line !== "").map((line) => line.slice(0, longestLine));
  }

  /** What stood after the last line end, when the stream ends without one. */
  end(): string[] {
    const rest = this.#rest;
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }
}
