import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { backlogIn, readBacklog } from "../../../server/process/socket-backlog.js";
import { until } from "../../support/until.js";

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const line = (ends: string, queues: string) =>
  `   7: ${ends} 01 ${queues} 00:00000000 00000000     0        0 1 1 0 20 4 31 10 -1\n`;
const connection = { localPort: 8002, remotePort: 44444 };
const [ours, theirs] = ["0100007F:1F42 0100007F:AD9C", "0100007F:AD9C 0100007F:1F42"];

describe("what waits in a connection within this machine", () => {
  it("is what our end has not sent and the other has not read", () => {
    const table = head + line(theirs, "00000007:00000100") + line(ours, "00010000:00000003");
    expect(backlogIn(table, connection)).toBe(0x10000 + 0x100);
  });

  it("is not known of one that is not there, and known where the other end is gone", () => {
    expect(backlogIn(head + line(theirs, "00000007:00000100"), connection)).toBeNull();
    expect(backlogIn(head + line(ours, "00010000:00000000"), connection)).toBe(0x10000);
    expect(backlogIn(head + line(ours, "garbage"), connection)).toBeNull();
    expect(backlogIn(head, {})).toBeNull();
  });

  it("is told by the kernel of a real one, until somebody reads it", async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => accepted.push(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const reader = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
    await until("it is accepted", 5000, () => accepted.length === 1);
    const [writer] = accepted;
    expect(await readBacklog(writer ?? null)).toBe(0);
    await new Promise((resolve) => writer?.write(Buffer.alloc(50_000), resolve));
    expect(await readBacklog(writer ?? null)).toBeGreaterThan(0);
    reader.resume();
    await until("all is read", 5000, async () => (await readBacklog(writer ?? null)) === 0);
    expect(await readBacklog(null)).toBeNull();
    reader.destroy();
    writer?.destroy();
    await once(server.close(), "close");
  });
});
