import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** State of a listening socket in /proc/net/tcp (include/net/tcp_states.h). */
const listening = "0A";

/** Inodes of the sockets that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === listening)
    .map((fields) => fields[9] ?? "");
}

function readOr<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}

function holdsOneOf(pid: string, sockets: ReadonlySet<string>): boolean {
  const descriptors = readOr(() => readdirSync(`/proc/${pid}/fd`), []);
  return descriptors.some((fd) => sockets.has(readOr(() => readlinkSync(`/proc/${pid}/fd/${fd}`), "")));
}

/**
 * Who listens on a TCP port of this machine, to be put behind “is taken”: ` by nginx (process 123)`. Empty when nobody
 * does, or when it belongs to another user, whose open files are not ours to read.
 */
export function describePortHolder(port: number): string {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readOr(() => readFileSync(path, "latin1"), ""));
  const sockets = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return "";
  const pids = readOr(() => readdirSync("/proc"), []).filter((entry) => /^\d+$/.test(entry));
  const pid = pids.find((each) => holdsOneOf(each, sockets));
  if (pid === undefined) return "";
  const name = readOr(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim(), "");
  return ` by ${name === "" ? "process" : `${name}, process`} ${pid}`;
}
