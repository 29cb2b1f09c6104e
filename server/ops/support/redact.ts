/**
 * Takes secrets out of what a person may send to somebody else: by the names that secrets go by, and by their shape. Pure.
 * It rather takes too much: what is gone can be asked for.
 */

const gone = "(removed)";

/** `apiKey`, `client_secret`, `wifi-password` …, as a whole name or its last word. */
const secretName =
  "(?:[\\w.-]*(?:password|passwd|passphrase|secret|token|credentials?|api[_-]?key|private[_-]?key|psk))";

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, gone],
  // user:password@ of an address
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${gone}@`],
  // headers
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)[^\r\n"']+/gi, `$1${gone}`],
  [/\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\r\n"']+/gi, `$1${gone}`],
  [/\b(bearer|basic) +[\w.~+/=-]{8,}/gi, `$1 ${gone}`],
  // "name": "value", name=value, NAME: value
  [
    new RegExp(`(["']?${secretName}["']?\\s*[:=]\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s,;&}]+)`, "gi"),
    `$1"${gone}"`,
  ],
  // signed tokens, and hashes of passwords
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, gone],
  // our own: links that make an administrator, keys of programs
  [/(#set-up=)[\w-]+/g, `$1${gone}`],
  [/\bstk_[\w-]{16,}/g, gone],
  [/\$(?:argon2\w*|2[aby]|scrypt|6|y)\$[^\s"']+/g, gone],
];

export function redact(text: string): string {
  return shapes.reduce((sum, [shape, instead]) => sum.replace(shape, instead), text);
}
