import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Below the ports that the kernel gives to clients (ip_local_port_range begins at 32768): one of those could be taken by
 * any connection before it is listened on.
 */
const [least, most] = [12_000, 32_000] as const;
/** Ports that one process takes its own from. The first of a block is listened on by whoever has the block. */
const blockSize = 200;
const blocks = (most - least) / blockSize;

/** The block of this process, until it ends: tests of other processes, which run at the same time, cannot choose from it. */
let claimed: Promise<number> | undefined;
let next = 1;

/** So many ports that nobody listens on, and that no other test chooses, all different. */
export async function freePorts(count: number): Promise<number[]> {
  claimed ??= claimBlock();
  const first = await claimed;
  const ports: number[] = [];
  for (let tries = 1; ports.length < count; tries += 1) {
    if (tries > blockSize) throw new Error(`No ${count} free ports from ${first} on.`);
    const port = first + next;
    next = (next % (blockSize - 1)) + 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function claimBlock(): Promise<number> {
  const start = randomInt(blocks);
  for (let step = 0; step < blocks; step += 1) {
    const first = least + ((start + step) % blocks) * blockSize;
    const claim = await listen(first);
    if (claim !== null) {
      claim.unref();
      return first;
    }
  }
  throw new Error("Every block of ports is in use.");
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  if (server === null) return false;
  await once(server.close(), "close");
  return true;
}

async function listen(port: number): Promise<Server | null> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return server;
  } catch {
    return null;
  }
}
