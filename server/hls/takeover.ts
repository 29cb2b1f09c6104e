/**
 * When a channel that follows one camera may go on with another: at a key frame that belongs where the channel's
 * timeline stands, so that date and media stay in step however often it changes. Pure. All dates are in milliseconds
 * since the Unix epoch.
 */

export interface KeyPart {
  readonly dateMs: number;
}

export interface TakeoverFacts<Key extends KeyPart> {
  /** Where the channel's next part begins. */
  readonly edgeMs: number;
  /** The wanted camera's last parts that a decoder can begin with, oldest first. */
  readonly keys: readonly Key[];
  /** How long the channel has had no new part. */
  readonly silentMs: number;
}

export type Takeover<Key> =
  | { readonly kind: "begin"; readonly key: Key }
  /** The former camera's parts still go out, as long as more than half of each lies before this date; null: all do. */
  | { readonly kind: "wait"; readonly untilMs: number | null };

/** Half a part: so far may the new camera's first part be from its place. */
export const toleranceMs = 100;
/** Key frames come each second. */
const keyEveryMs = 1000;
/** A former camera that has given no part for so long is not waited for. */
export const patienceMs = 1200;

export function decideTakeover<Key extends KeyPart>({ edgeMs, keys, silentMs }: TakeoverFacts<Key>): Takeover<Key> {
  const last = keys.at(-1);
  if (last === undefined) return { kind: "wait", untilMs: null };
  const next = keys.find(({ dateMs }) => dateMs >= edgeMs - toleranceMs);
  if (next !== undefined && next.dateMs <= edgeMs + toleranceMs) return { kind: "begin", key: next };
  const untilMs = next?.dateMs ?? nextKeyMs(last.dateMs, edgeMs);
  // While the former camera is held back, it is the wanted one that gives nothing.
  if (silentMs > patienceMs && goesBefore(edgeMs, untilMs))
    return { kind: "begin", key: nearest(keys, edgeMs) ?? last };
  return { kind: "wait", untilMs };
}

/** Half a part either way is in step: whether a part that begins at `edgeMs` still goes out before that date. */
export function goesBefore(edgeMs: number, untilMs: number | null): boolean {
  return untilMs === null || edgeMs + toleranceMs <= untilMs;
}

/** When the first key frame comes that may stand at the edge or after it. */
function nextKeyMs(lastKeyMs: number, edgeMs: number): number {
  const seconds = Math.max(1, Math.ceil((edgeMs - toleranceMs - lastKeyMs) / keyEveryMs));
  return lastKeyMs + seconds * keyEveryMs;
}

function nearest<Key extends KeyPart>(keys: readonly Key[], edgeMs: number): Key | undefined {
  const distance = ({ dateMs }: Key): number => Math.abs(dateMs - edgeMs);
  return [...keys].sort((one, other) => distance(one) - distance(other))[0];
}
