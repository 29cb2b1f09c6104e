import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { Certificate, namesNow, whyNew } from "../../../server/ops/certificate.js";
import { until } from "../../support/until.js";

const dayMs = 86_400_000;

describe("G5 the self-made certificate", () => {
  let folder: string;
  let pem: { certificate: string; key: string };
  const names = namesNow(["cctv.example:8443", "10.0.0.7", "a b;c", "${x}", "-x"]);
  const files = () => ({ certificate: join(folder, "tls", "certificate.pem"), key: join(folder, "tls", "key.pem") });
  const read = () => ({
    certificate: readFileSync(files().certificate, "utf8"),
    key: readFileSync(files().key, "utf8"),
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "smart-toggle-certificate-"));
    const hosts = ["cctv.example:8443", "10.0.0.7"];
    (await Certificate.open({ files: files(), hosts, clock: systemClock, log: silentLog }, () => undefined)).close();
    pem = read();
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("is for all names and addresses of the machine, and no other words", () => {
    expect(names.hosts).toContain("cctv.example");
    expect(names.hosts).toContain("localhost");
    expect(names.addresses).toEqual(expect.arrayContaining(["127.0.0.1", "10.0.0.7"]));
    expect([...names.hosts, ...names.addresses].filter((name) => !/^[a-z0-9.:-]+$/.test(name))).toEqual([]);
    expect(whyNew(pem, names, Date.now())).toBeNull();
  });

  it("has a key that nobody else reads, and stays while it does", async () => {
    expect(statSync(files().key).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "tls")).mode & 0o777).toBe(0o700);
    (
      await Certificate.open(
        { files: files(), hosts: ["10.0.0.7"], clock: systemClock, log: silentLog },
        () => undefined,
      )
    ).close();
    expect(read()).toEqual(pem);
  });

  it("is made anew for a name or an address that is not in it, before its end, and when it is no use", () => {
    const now = Date.now();
    expect(whyNew(null, names, now)).toContain("none");
    expect(whyNew(pem, { ...names, hosts: ["other.example"] }, now)).toContain("other.example");
    expect(whyNew(pem, { ...names, addresses: ["10.9.9.9"] }, now)).toContain("10.9.9.9");
    expect(whyNew(pem, { ...names, addresses: ["2001:db8::9"] }, now)).toBeNull();
    expect(whyNew(pem, names, now + 366 * dayMs)).toBeNull();
    expect(whyNew(pem, names, now + 368 * dayMs)).toContain("ends on");
    expect(whyNew(pem, names, now - 10 * dayMs)).toContain("begins");
    expect(whyNew({ ...pem, certificate: "nonsense" }, names, now)).toContain("cannot be read");
  });

  it("is not made anew for a clock that is behind, before that may have been set", async () => {
    expect(whyNew(pem, names, Date.now() - 900 * dayMs, false)).toBeNull();
    const behind = { monotonicMs: () => 0, epochMs: () => Date.now() - 900 * dayMs };
    (
      await Certificate.open({ files: files(), hosts: ["10.0.0.7"], clock: behind, log: silentLog }, () => undefined)
    ).close();
    expect(read()).toEqual(pem);
  });

  /** The same pair in a folder of its own, where no other one can be made. */
  function full(): { certificate: string; key: string } {
    const other = mkdtempSync(join(folder, "full-"));
    mkdirSync(join(other, "key.pem.new"));
    return { certificate: join(other, "certificate.pem"), key: join(other, "key.pem") };
  }

  it("is served on when no other one can be made for a new name, and nothing is where there is none", async () => {
    const into = full();
    const how = { files: into, hosts: ["other.example"], clock: systemClock, log: silentLog };
    await expect(Certificate.open(how, () => undefined)).rejects.toMatchObject({ code: "stateUnusable" });
    for (const name of ["certificate", "key"] as const) copyFileSync(files()[name], into[name]);
    (await Certificate.open(how, () => undefined)).close();
    expect(readFileSync(into.certificate, "utf8")).toBe(pem.certificate);
  });

  it("is made anew soon after the clock was set, when it ends by then", async () => {
    let epochMs = Date.now();
    const clock = { epochMs: () => epochMs };
    let renewed = 0;
    const how = { files: files(), hosts: ["10.0.0.7"], clock, log: silentLog, lookMs: 20 };
    const certificate = await Certificate.open(how, () => {
      epochMs = Date.now();
      renewed += 1;
    });
    expect(read()).toEqual(pem);
    epochMs += 900 * dayMs;
    await until("another certificate", 10_000, () => renewed > 0);
    certificate.close();
    expect(read()).not.toEqual(pem);
    pem = read();
  });

  it("is made anew when its key is another one", async () => {
    const other = mkdtempSync(join(tmpdir(), "smart-toggle-certificate-"));
    const otherFiles = { certificate: join(other, "c.pem"), key: join(other, "k.pem") };
    (
      await Certificate.open({ files: otherFiles, hosts: [], clock: systemClock, log: silentLog }, () => undefined)
    ).close();
    expect(whyNew({ ...pem, key: readFileSync(otherFiles.key, "utf8") }, names, Date.now())).toContain("another");
    rmSync(other, { recursive: true });
  });
});
