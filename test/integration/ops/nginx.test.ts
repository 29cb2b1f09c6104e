import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settingsSchema, type Settings, type SettingsInput } from "../../../server/config/schema.js";
import { silentLog } from "../../../server/lib/log.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { readNginxTemplates, renderManaged, renderSite } from "../../../server/ops/nginx-config.js";
import { Nginx, type NginxLoss } from "../../../server/ops/nginx.js";
import { ChildRecords } from "../../../server/process/child-records.js";
import { groupIsGone, groupMembers, signalGroup } from "../../../server/process/process-table.js";
import { siteSettings } from "../../support/nginx-site.js";
import { request } from "../../support/request.js";
import { until } from "../../support/until.js";

describe("NGINX", () => {
  let folder: string;
  let settings: Settings;

  beforeEach(async () => {
    ({ folder, settings } = await siteSettings());
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const start = (changed: Settings = settings) => Nginx.start({ settings: changed, log: silentLog });
  const answers = async () => {
    const { status } = await request(settings.nginx.verifyPort, "/nginx-answers").catch(() => ({ status: 0 }));
    return status === 204;
  };

  describe("accepts what is rendered", () => {
    const test = (config: string) => {
      writeFileSync(join(folder, "nginx.conf"), config);
      const { status, stderr } = spawnSync("nginx", ["-t", "-q", "-p", folder, "-e", "stderr", "-c", "nginx.conf"], {
        encoding: "utf8",
        env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
      });
      return { status, stderr };
    };
    const surroundings = () => {
      const [live, web, recordings] = ["live", "web", "recordings"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      return { live, web, recordings, hostname: "pi.lan", ipv6: true };
    };
    const templates = readNginxTemplates();

    it.each<[string, SettingsInput]>([
      ["every default", {}],
      ["an address of IPv4", { nginx: { address: "127.0.0.1" } }],
      ["an address of IPv6", { nginx: { address: "::1" } }],
      ["a name", { nginx: { address: "localhost" } }],
      [
        "further names",
        { http: { hosts: ["cctv.example", "카메라.example", "[fd00::5]", "localhost", "10.0.0.7:8001"] } },
      ],
      ["a long deadline", { switch: { deadlineMs: 60_000 } }],
    ])("from %s", (_what, input) => {
      const rendered = renderManaged(templates, settingsSchema.parse(input), surroundings(), null);
      expect(test(rendered)).toEqual({ status: 0, stderr: "" });
    });

    it("without IPv6, and from a machine without a usable name", () => {
      const bare = { ...surroundings(), ipv6: false, hostname: "" };
      const rendered = renderManaged(templates, settings, bare, null);
      expect(rendered).not.toContain("[::]");
      expect(test(rendered)).toEqual({ status: 0, stderr: "" });
    });

    it("as a site in a configuration of someone else", () => {
      const site = renderSite(templates, settings, surroundings());
      expect(test(`pid nginx.pid;\nevents {}\nhttp {\n${site}\n}\n`)).toEqual({ status: 0, stderr: "" });
    });

    it("from folders with odd names", () => {
      const odd = join(folder, `a "b" c;{}#`);
      mkdirSync(odd);
      const rendered = renderManaged(templates, settings, { ...surroundings(), web: odd }, null);
      expect(test(rendered)).toEqual({ status: 0, stderr: "" });
    });

    it.each([
      ["a dollar sign in a path", () => renderSite(templates, settings, { ...surroundings(), live: "/a$b" })],
      ["a line end in a path", () => renderSite(templates, settings, { ...surroundings(), web: "/a\nb" })],
      [
        "a name that is none",
        () => renderSite(templates, settingsSchema.parse({ http: { hosts: ["a;b{"] } }), surroundings()),
      ],
      [
        "an address that is none",
        () => renderSite(templates, settingsSchema.parse({ nginx: { address: "a b" } }), surroundings()),
      ],
    ])("but %s is refused before", (_what, render) => {
      expect(render).toThrow(expect.objectContaining({ code: "configInvalid" }));
    });
  });

  it("answers when start returns, and nothing of it is left after close (I5)", async () => {
    const nginx = await start();
    const { pid = 0 } = nginx;
    expect((await request(settings.nginx.port, "/")).status).toBe(200);
    expect(groupMembers(pid)).toHaveLength(3);
    await nginx.close();
    expect(groupIsGone(pid)).toBe(true);
  });

  it("comes back within two seconds after its master was killed, tells of it, and the old workers are gone (B3, I5)", async () => {
    const records = new ChildRecords(join(folder, "children"));
    const nginx = await Nginx.start({ settings, records, log: silentLog });
    const losses: NginxLoss[] = [];
    nginx.on("lost", (loss) => losses.push(loss));
    const { pid = 0 } = nginx;
    process.kill(pid, "SIGKILL");
    const answersAgain = once(nginx, "answersAgain");
    await until("another master answers", 2000, async () => nginx.pid !== pid && (await answers()));
    const [ms] = (await answersAgain) as [number];
    expect(ms).toBeGreaterThan(100);
    expect(ms).toBeLessThan(2000);
    expect(losses).toEqual([{ how: "ended", code: null, signal: "SIGKILL" }]);
    expect(groupIsGone(pid)).toBe(true);
    expect(records.all()).toHaveLength(1);
    await nginx.close();
    expect(records.all()).toEqual([]);
  });

  it("that lives and answers nobody is found, killed and replaced within ten seconds (B3)", async () => {
    const nginx = await start();
    const losses: NginxLoss[] = [];
    nginx.on("lost", (loss) => losses.push(loss));
    const { pid = 0 } = nginx;
    signalGroup(pid, "SIGSTOP");
    const answersAgain = once(nginx, "answersAgain");
    await until("another master answers", 10_000, async () => nginx.pid !== pid && (await answers()));
    await answersAgain;
    expect(losses).toEqual([{ how: "hung", code: null, signal: "SIGKILL" }]);
    expect(groupIsGone(pid)).toBe(true);
    await nginx.close();
  });

  it("that answers is left alone, and one that was stopped for a moment too", async () => {
    const nginx = await start();
    const { pid = 0 } = nginx;
    signalGroup(pid, "SIGSTOP");
    await wait(1000);
    signalGroup(pid, "SIGCONT");
    await wait(6000);
    expect(nginx.pid).toBe(pid);
    expect(await answers()).toBe(true);
    await nginx.close();
  });

  it("can be closed while it waits to come back", async () => {
    const nginx = await start();
    const { pid = 0 } = nginx;
    process.kill(pid, "SIGKILL");
    await until("the group is gone", 5000, () => groupIsGone(pid));
    await nginx.close();
    expect(await answers()).toBe(false);
  });

  it("does not outlive an owner that was killed (I5)", async () => {
    const keeper = spawn(process.execPath, [
      join(packageRoot, "test", "support", "nginx-keeper.js"),
      JSON.stringify(settings),
    ]);
    const [line] = (await once(keeper.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(await answers()).toBe(true);
    keeper.kill("SIGKILL");
    await until("NGINX is gone", 5000, () => groupIsGone(pid));
    expect(await answers()).toBe(false);
  });

  it("does not start on a port that is taken, and says by whom", async () => {
    const holder = createServer().listen(settings.nginx.port);
    await once(holder, "listening");
    await expect(start()).rejects.toMatchObject({
      code: "portBusy",
      message: expect.stringContaining(`Port ${settings.nginx.port} (nginx.port) is taken by`) as string,
    });
    await once(holder.close(), "close");
  });

  it.each(["192.0.2.1", "no-such-name.invalid"])("does not start at %s, which may become ours", async (address) => {
    const elsewhere = { ...settings, nginx: { ...settings.nginx, address } };
    await expect(start(elsewhere)).rejects.toMatchObject({ code: "addressAbsent" });
  });

  it("does not take its death while it reads the configuration for a mistake in there", async () => {
    const program = join(folder, "killed");
    writeFileSync(program, "#!/bin/sh\nkill -KILL $$\n", { mode: 0o755 });
    await expect(start({ ...settings, nginx: { ...settings.nginx, program } })).rejects.toMatchObject({
      code: "internal",
    });
  });

  it("has no number while there is none, so that nobody else gets its signals", async () => {
    const nginx = await start();
    const { pid = 0 } = nginx;
    const lost = once(nginx, "lost");
    process.kill(pid, "SIGKILL");
    await lost;
    expect(nginx.pid).toBeUndefined();
    nginx.reload();
    await nginx.close();
  });

  it("writes a few lines a minute into the log, whatever it is asked for", async () => {
    const lines: string[] = [];
    const log = { ...silentLog, warn: (line: string) => lines.push(line), child: () => log };
    const nginx = await Nginx.start({ settings, log });
    const tooLarge = { method: "POST", headers: { "Content-Length": "9999999" } };
    for (let n = 0; n < 50; n++) {
      // It answers before the body, and closes.
      expect((await request(settings.nginx.port, "/", tooLarge).catch(() => ({ status: 413 }))).status).toBe(413);
    }
    await nginx.close();
    const told = lines.filter((line) => line.includes("too large body"));
    expect(told.length).toBeGreaterThan(3);
    expect(lines.length).toBeLessThan(35);
  });

  it("says when its program is missing", async () => {
    const without = { ...settings, nginx: { ...settings.nginx, program: "nginx-that-is-not-here" } };
    await expect(start(without)).rejects.toMatchObject({ code: "programMissing" });
  });

  it("says why a program that ends at once has ended", async () => {
    const program = join(folder, "broken");
    writeFileSync(program, "#!/bin/sh\necho out of luck >&2\nexit 1\n", { mode: 0o755 });
    const broken = { ...settings, nginx: { ...settings.nginx, program } };
    await expect(start(broken)).rejects.toMatchObject({ message: expect.stringContaining("out of luck") as string });
  });
});
