/** Reads what the judgements on programs, ports, rights and the service ask for. Nothing here decides or rejects. */
import { access, constants, readFile, stat } from "node:fs/promises";
import type { Settings } from "../../config/schema.js";
import { toAppError } from "../../lib/errors.js";
import { findProgram } from "../../process/find-program.js";
import { describePortHolder } from "../../process/port-holder.js";
import { readAnswer } from "../../process/read-answer.js";
import { checkPort } from "../port-check.js";
import type { AccessFacts, PortFacts, ProgramFacts, RightsFacts } from "./judge-service.js";

/** A user's PATH has no sbin on Debian, where NGINX lies. */
export const programPath = `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;

export async function readProgram(program: string, versionArgument: string): Promise<ProgramFacts> {
  if (findProgram(program, programPath) === null) return { found: false, program };
  const env = { ...process.env, PATH: programPath };
  const answer = await readAnswer({ program, args: [versionArgument], limitMs: 5000, env });
  const version = answer.known ? (/\d+\.\d+(?:\.\d+)?/.exec(answer.value.text)?.[0] ?? null) : null;
  return { found: true, program, version };
}

export function portsOf({ http, nginx, tls }: Settings): { key: string; port: number; address: string }[] {
  const controller = { key: "http.port", port: http.port, address: "127.0.0.1" };
  if (!nginx.managed) return [controller];
  return [
    controller,
    { key: "nginx.port", port: nginx.port, address: nginx.address },
    ...(tls.mode === "off" ? [] : [{ key: "tls.port", port: tls.port, address: nginx.address }]),
    { key: "nginx.verifyPort", port: nginx.verifyPort, address: "127.0.0.1" },
  ];
}

export async function readPort(key: string, port: number, address: string): Promise<PortFacts> {
  try {
    await checkPort(key, port, address);
    return { key, port, state: { kind: "free" } };
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    if (code === "portBusy") return { key, port, state: { kind: "taken", by: describePortHolder(port) } };
    const mend = code === "addressAbsent" ? "set nginx.address to one of: hostname -I" : `set ${key} to one above 1023`;
    return { key, port, state: { kind: "refused", why: message, mend } };
  }
}

/** What systemd says of the installed service; null: it knows none, or does not run here. */
export async function readUnit(): Promise<string | null> {
  const question = { program: "systemctl", args: ["show", "--property=LoadState,ActiveState", "smart-toggle.service"] };
  const answer = await readAnswer({ ...question, limitMs: 5000 });
  if (!answer.known || !answer.value.text.includes("LoadState=loaded")) return null;
  return /^ActiveState=(.+)$/m.exec(answer.value.text)?.[1] ?? null;
}

/** Somebody whose rights are looked at. */
export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly groups: readonly number[];
}

const serviceUser = "smart-toggle";

/** The numbers of a user in the texts of /etc/passwd and /etc/group; null: there is no such user. */
export function personIn(name: string, passwd: string, group: string): Person | null {
  const entry = linesOf(passwd).find(([user]) => user === name);
  if (entry === undefined) return null;
  const further = linesOf(group).filter(([, , , members]) => members?.split(",").includes(name));
  return { name, uid: Number(entry[2]), groups: [Number(entry[3]), ...further.map(([, , number]) => Number(number))] };
}

function linesOf(text: string): string[][] {
  return text.split("\n").map((line) => line.split(":"));
}

const read = 4;
const write = 2;
const search = 1;

/** Whether the mode of a file lets this person do it. `wanted`: bits as in a mode of one digit. */
export function isAllowed(person: Person, file: { uid: number; gid: number; mode: number }, wanted: number): boolean {
  if (person.uid === 0) return true;
  const shift = file.uid === person.uid ? 6 : person.groups.includes(file.gid) ? 3 : 0;
  return ((file.mode >> shift) & wanted) === wanted;
}

export interface RightsQuestion {
  readonly folders: readonly string[];
  readonly devices: readonly string[];
}

/** The rights of the service's user where root asks and there is one, else of whoever asks. What is not there is passed over. */
export async function readRights({ folders, devices }: RightsQuestion): Promise<RightsFacts> {
  const [passwd, group] = await Promise.all(
    ["/etc/passwd", "/etc/group"].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  const other = process.getuid?.() === 0 ? personIn(serviceUser, passwd ?? "", group ?? "") : null;
  const questions = [
    ...folders.map((path) => ({ path, wanted: read | write | search })),
    ...devices.map((path) => ({ path, wanted: read | write })),
  ];
  const answers = await Promise.all(questions.map(({ path, wanted }) => readAccess(path, wanted, other, group ?? "")));
  const self = linesOf(passwd ?? "").find(([, , uid]) => uid === String(process.getuid?.()))?.[0] ?? "this user";
  return { user: other?.name ?? self, paths: answers.filter((answer) => answer !== null) };
}

async function readAccess(
  path: string,
  wanted: number,
  other: Person | null,
  group: string,
): Promise<AccessFacts | null> {
  const file = await stat(path).catch(() => null);
  if (file === null) return null;
  const allowed = other === null ? await isAccessible(path, wanted) : isAllowed(other, file, wanted);
  const byGroup = !file.isDirectory() && (file.mode & 0o060) === 0o060;
  const name = byGroup ? linesOf(group).find(([, , number]) => number === String(file.gid))?.[0] : undefined;
  return { path, kind: file.isDirectory() ? "folder" : "device", allowed, group: name ?? null };
}

async function isAccessible(path: string, wanted: number): Promise<boolean> {
  const mode = constants.R_OK | constants.W_OK | ((wanted & search) === 0 ? 0 : constants.X_OK);
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
