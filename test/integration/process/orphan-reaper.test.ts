import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "../../../server/lib/log.js";
import { ChildRecords } from "../../../server/process/child-records.js";
import { reapOrphans } from "../../../server/process/orphan-reaper.js";
import { groupMembers, readProcess, signalGroup } from "../../../server/process/process-table.js";
import { spawnController } from "./controller.js";
import { lives, until } from "./tiny-program.js";

/** A death signal that does nothing: what the kernel fails to end, the reaper must find. */
const harmless = "SIGURG";
const endless = "trap '' INT TERM; echo up >&2; while :; do sleep 1; done";
let folder: string;
let bystander: ChildProcess | undefined;
const groups: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reaper-"));
});

afterEach(() => {
  bystander?.kill("SIGKILL");
  bystander = undefined;
  for (const group of groups.splice(0)) signalGroup(group, "SIGKILL");
  rmSync(folder, { recursive: true });
});

function child(script: string): object {
  return { name: "long", program: "sh", args: ["-c", script], deathSignal: harmless };
}

test("I5 the leftovers of a killed controller are ended, groups and all, and forgotten", async () => {
  const scripts = [endless, `sleep 60 & ${endless}`];
  const controller = spawnController(scripts.map(child), folder);
  const pids = await controller.pids;
  groups.push(...pids);
  controller.kill();
  expect(pids.every(lives)).toBe(true);
  const { killed, stuck } = await reapOrphans(folder, silentLog);
  expect(stuck).toEqual([]);
  expect(killed.map(({ pid }) => pid)).toEqual(expect.arrayContaining(pids));
  expect(pids.flatMap(groupMembers)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test("I5 a grandchild that left the group, and a group without its leader, are found by their marker", async () => {
  const controller = spawnController([child(`setsid sleep 61 & ${endless}`)], folder);
  const [pid = 0] = await controller.pids;
  groups.push(pid);
  controller.kill();
  process.kill(pid, "SIGKILL");
  await until(() => !lives(pid), "the leader is gone");
  const { killed } = await reapOrphans(folder, silentLog);
  expect(killed.map(({ name }) => name)).toContain("sleep");
  expect(killed.every((one) => !lives(one.pid))).toBe(true);
});

test("I5 NGINX's workers, which outlive their killed master and hold its port, are found", async () => {
  const port = await freePort();
  const args = ["-e", "stderr", "-p", nginxFolder(port), "-c", "nginx.conf"];
  const nginx = { name: "nginx", program: "nginx", args, deathSignal: "SIGKILL" };
  const controller = spawnController([nginx], folder);
  const [master = 0] = await controller.pids;
  groups.push(master);
  await until(() => groupMembers(master).length === 3, "both workers run");
  expect(await answers(port)).toBe(true);
  controller.kill();
  await until(() => !lives(master), "the master is gone");
  expect(await answers(port)).toBe(true);
  const { killed, stuck } = await reapOrphans(folder, silentLog);
  expect({ killed: killed.length, stuck: stuck.length }).toEqual({ killed: 2, stuck: 0 });
  expect(await answers(port)).toBe(false);
});

test("a reused number is left alone, and its record forgotten", async () => {
  bystander = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  await once(bystander, "spawn");
  const pid = bystander.pid ?? 0;
  const startTicks = readProcess(pid)?.startTicks ?? 0;
  const records = new ChildRecords(folder);
  const announced = records.announce("long", "/bin/sleep");
  records.spawned(announced, pid);
  const path = join(folder, `${announced.marker}.json`);
  writeFileSync(path, JSON.stringify({ ...announced, groupId: pid, startTicks: startTicks - 1 }));
  expect(await reapOrphans(folder, silentLog)).toEqual({ killed: [], stuck: [] });
  expect(lives(pid)).toBe(true);
  expect(existsSync(path)).toBe(false);
});

test("a record of another boot ends nothing, though number and start fit", async () => {
  bystander = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  await once(bystander, "spawn");
  const pid = bystander.pid ?? 0;
  const records = new ChildRecords(folder);
  const record = records.spawned(records.announce("long", "/bin/sleep"), pid);
  writeFileSync(join(folder, `${record.marker}.json`), JSON.stringify({ ...record, bootId: "another" }));
  await reapOrphans(folder, silentLog);
  expect(lives(pid)).toBe(true);
  expect(records.all()).toEqual([]);
});

test("half a record, an unknown file and an empty folder stop nothing", async () => {
  writeFileSync(join(folder, "00000000-0000-4000-8000-000000000000.json"), '{"marker":');
  writeFileSync(join(folder, "x.json.new"), "");
  expect(await reapOrphans(folder, silentLog)).toEqual({ killed: [], stuck: [] });
  expect(await reapOrphans(join(folder, "not", "there"), silentLog)).toEqual({ killed: [], stuck: [] });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A folder with the smallest NGINX that has workers and says a line when it is up. */
function nginxFolder(port: number): string {
  const prefix = join(folder, "nginx");
  mkdirSync(prefix);
  writeFileSync(
    join(prefix, "nginx.conf"),
    `daemon off; worker_processes 2; pid nginx.pid; error_log stderr notice; events {}
     http {
       access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
       scgi_temp_path t5; server { listen 127.0.0.1:${port}; return 204; }
     }`,
  );
  return prefix;
}
