/**
 * JSON with the place of its first mistake. `JSON.parse` tells the place only in the text of its message, in some
 * versions, and takes the second of two equal keys without a word.
 */
export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly message: string };

class Mistake extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const space = /[ \t\r\n]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// eslint-disable-next-line no-control-regex -- JSON allows none of them inside a text
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;

/** Walks over the text; each method reads one thing and moves on, or throws the mistake it met. */
class Walker {
  readonly #json: string;
  #at = 0;

  constructor(json: string) {
    this.#json = json;
  }

  document(): void {
    this.#value();
    if (this.#at < this.#json.length) throw new Mistake(this.#at, "there is more after the end");
  }

  #value(): void {
    this.#take(space);
    if (this.#next("{")) this.#list("}", new Set());
    else if (this.#next("[")) this.#list("]", null);
    else if (this.#take(text) === null && this.#take(scalar) === null) this.#expected("a value");
    this.#take(space);
  }

  /** The rest of an object (with the names so far) or of an array (null), after its opening. */
  #list(closing: "}" | "]", names: Set<string> | null): void {
    this.#take(space);
    if (this.#next(closing)) return;
    do {
      if (names !== null) this.#name(names);
      this.#value();
    } while (this.#next(","));
    if (!this.#next(closing)) this.#expected(`“,” or “${closing}”`);
  }

  #name(names: Set<string>): void {
    this.#take(space);
    const at = this.#at;
    const name = this.#take(text) ?? this.#expected("a name in double quotes");
    if (names.has(name)) throw new Mistake(at, `${name} stands here a second time`);
    names.add(name);
    this.#take(space);
    if (!this.#next(":")) this.#expected("“:”");
  }

  #next(sign: string): boolean {
    if (this.#json[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#json);
    if (match !== null) this.#at += match[0].length;
    return match?.[0] ?? null;
  }

  #expected(what: string): never {
    const found = this.#at >= this.#json.length ? "the end" : `“${this.#json[this.#at] ?? ""}”`;
    throw new Mistake(this.#at, `${what} is expected here, not ${found}`);
  }
}

/** Reads a JSON text. Never throws. */
export function readJson(json: string): JsonReading {
  const clean = json.replace(/^\uFEFF/, "");
  try {
    new Walker(clean).document();
    return { ok: true, value: JSON.parse(clean) as unknown };
  } catch (error) {
    const at = error instanceof Mistake ? error.at : 0;
    const before = clean.slice(0, at).split("\n");
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, line: before.length, column: (before.at(-1) ?? "").length + 1, message };
  }
}
