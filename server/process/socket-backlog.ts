import { readFile } from "node:fs/promises";

/** A connection of IPv4 within this machine, as one of its ends knows it; without ports once it is closed. */
export interface LocalConnection {
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

/** 127.0.0.1 as the kernel writes it on machines of little endian, which all of ours are. */
const loopback = "0100007F";

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0");

/** Bytes that one end has not sent (or the other not confirmed), and bytes that it has not read; null: it is not there. */
function queues(table: string, from: number, to: number): { unsent: number; unread: number } | null {
  const ends = ` ${loopback}:${hex(from)} ${loopback}:${hex(to)} `;
  const at = table.indexOf(ends);
  if (at < 0) return null;
  const [, unsent = "", unread = ""] =
    /^\w\w (\w{8}):(\w{8})/.exec(table.slice(at + ends.length, at + ends.length + 24)) ?? [];
  return { unsent: parseInt(unsent, 16), unread: parseInt(unread, 16) };
}

/**
 * Bytes that were written into a connection and that the other end has not read, from the text of /proc/net/tcp; null where
 * it does not say. The other end is on this machine (NGINX), so what waits in front of it is counted too.
 */
export function backlogIn(table: string, { localPort, remotePort }: LocalConnection): number | null {
  if (localPort === undefined || remotePort === undefined) return null;
  const ours = queues(table, localPort, remotePort);
  if (ours === null) return null;
  const theirs = queues(table, remotePort, localPort);
  const bytes = ours.unsent + (theirs?.unread ?? 0);
  return Number.isNaN(bytes) ? null : bytes;
}

/** A read takes about a millisecond. A pool of threads that hangs never answers, and is to hold up no viewer. */
const limitMs = 250;

let reading: Promise<string> | undefined;

/** One read for all who ask at the same time. */
function table(): Promise<string> {
  reading ??= readFile("/proc/net/tcp", "latin1").finally(() => (reading = undefined));
  return reading;
}

/** Of a connection of this process, as `backlogIn`; null also where the kernel does not tell soon. Never rejects. */
export async function readBacklog(connection: LocalConnection | null): Promise<number | null> {
  if (connection === null) return null;
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    late = setTimeout(resolve, limitMs, null);
  });
  const text = await Promise.race([table().catch(() => null), tooLate]);
  clearTimeout(late);
  return text === null ? null : backlogIn(text, connection);
}
