import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { describePortHolder, listeningInodes } from "../../../server/process/port-holder.js";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F42 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000000000000000 100
   1: 00000000:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0000000000000000 100
   2: 0100007F:1F41 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 333 1 0000000000000000 100
`;

describe("the holder of a port", () => {
  it("is found by its listening socket, not by a connection", () => {
    expect(listeningInodes(table, 8001)).toEqual(["222"]);
    expect(listeningInodes(table, 8003)).toEqual([]);
  });

  it("is named with its process", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(describePortHolder(port)).toContain(`process ${process.pid}`);
    await once(server.close(), "close");
    expect(describePortHolder(port)).toBe("");
  });
});
