import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  Export,
  Recording,
  RecordingDays,
  RecordingPage,
  RecordingStatus,
  Timeline,
} from "../../../server/http/wire-recording.js";
import { decodeStrips } from "../../support/decode-strips.js";
import { Product } from "../../support/product.js";
import { request } from "../../support/request.js";
import { until } from "../../support/until.js";

let product: Product;
let files: Recording[];

const iso = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
const whole = () => `from=${iso(Date.now() - 3_600_000)}&to=${iso(Date.now() + 60_000)}`;
const listed = async (query = "") =>
  (await product.api<RecordingPage>(`/api/recordings?camera=0${query}`)).body.recordings;
const finished = async () => (await listed()).filter(({ state }) => state === "finished");
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${product.url}${path}`, { headers });
const onDisk = ({ id }: Recording) => join(product.directory, "recordings", pathOf(id));

/** Where the catalogue says that it is: the API never tells. */
function pathOf(id: number): string {
  const found = execFileSync("find", [join(product.directory, "recordings"), "-name", fileNames.get(id) ?? "none"]);
  return found
    .toString()
    .trim()
    .slice(join(product.directory, "recordings").length + 1);
}
const fileNames = new Map<number, string>();

/** Frame numbers of all files, oldest first: a busy machine's cameras repeat some, so they are what they are. */
async function framesOnDisk(): Promise<number[]> {
  const frames: number[] = [];
  for (const file of [...files].reverse()) frames.push(...(await framesOf(onDisk(file))));
  return frames;
}

async function framesOf(from: string, options: readonly string[] = []): Promise<number[]> {
  const { strips, warnings } = await decodeStrips({ from, options });
  expect(warnings).toEqual([]);
  return strips.map((strip) => (strip.valid ? strip.frame : -1));
}

beforeAll(async () => {
  product = await Product.start({ settings: { recording: { fileSeconds: 5 } } });
  const started = await product.api<RecordingStatus>("/api/recording/start", { cameras: [0] });
  expect(started.status).toBe(200);
  files = await until("three files", 60_000, async () => ((await finished()).length >= 3 ? finished() : null));
  await product.api("/api/recording/stop", {});
  files = await until("the last file", 20_000, async () => {
    const now = await listed();
    return now.every(({ state }) => state === "finished") ? now : null;
  });
  for (const { id, name } of files) fileNames.set(id, name);
}, 120_000);

afterAll(() => product.close());

describe("the catalogue (F4)", () => {
  it("lists what was recorded, page by page", async () => {
    const first = (await product.api<RecordingPage>("/api/recordings?limit=1")).body;
    expect(first.recordings).toHaveLength(1);
    const second = (await product.api<RecordingPage>(`/api/recordings?limit=1&page=${first.next ?? ""}`)).body;
    expect(second.recordings[0]?.id).not.toBe(first.recordings[0]?.id);
    const [{ startedAt, endedAt } = { startedAt: 0, endedAt: 0 }] = files.slice(1, 2);
    const between = await listed(`&from=${iso(startedAt + 1)}&to=${iso(endedAt - 1)}`);
    expect(between.map(({ id }) => id)).toEqual([files[1]?.id]);
  });

  it("puts the files together on a timeline, and knows the day", async () => {
    const { spans } = (await product.api<Timeline>(`/api/recordings/timeline?camera=0&${whole()}`)).body;
    expect(spans[0]).toMatchObject({ camera: 0, recordings: files.length, from: files.at(-1)?.startedAt });
    const month = new Date().toISOString().slice(0, 7);
    const { days } = (await product.api<RecordingDays>(`/api/recordings/days?camera=0&month=${month}&zone=UTC`)).body;
    expect(days[0]?.recordings).toBeGreaterThanOrEqual(files.length);
  });

  it.each([
    ["an unknown number", "/api/recordings/999999"],
    ["a path that leads out", "/api/recordings/..%2f..%2fetc%2fpasswd/file"],
    ["a path for a number", "/api/recordings/1%2f..%2f2/file"],
    ["a segment beyond the end", "/api/recordings/1/segments/99.m4s"],
    ["NGINX's own place", "/_recordings/cam0/"],
    ["an export that is none", "/api/exports/1"],
    ["a range in which nothing was recorded", `/api/recordings/play.m3u8?camera=0&from=${iso(1)}&to=${iso(2)}`],
  ])("has nothing at %s", async (_what, path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    await response.arrayBuffer();
  });
});

describe("a file (F4)", () => {
  it("is downloaded whole and in part, with its name, as the catalogue's hash says", async () => {
    const [file] = files.slice(1);
    if (file === undefined) throw new Error("no file");
    const response = await get(`/api/recordings/${file.id}/file?download=1`);
    const body = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${file.name}"`);
    expect(response.headers.get("content-type")).toBe("video/mp4");
    expect(createHash("sha256").update(body).digest("hex")).toBe(file.sha256);
    const part = await get(`/api/recordings/${file.id}/file`, { Range: "bytes=10-19" });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, body.subarray(10, 20)]);
    const beyond = await get(`/api/recordings/${file.id}/file`, { Range: `bytes=${body.length}-` });
    expect(beyond.status).toBe(416);
    await beyond.arrayBuffer();
  });

  it("comes from the controller itself where no NGINX stands before it", async () => {
    const [file] = files;
    const settings = JSON.parse(readFileSync(join(product.directory, "settings.json"), "utf8")) as {
      http: { port: number };
    };
    const reply = await request(settings.http.port, `/api/recordings/${file?.id ?? 0}/file`, {
      headers: { Range: "bytes=4-7" },
    });
    expect([reply.status, reply.text]).toEqual([206, "ftyp"]);
  });

  it("has a poster", async () => {
    const response = await get(`/api/recordings/${files[0]?.id ?? 0}/poster.jpg`);
    const jpeg = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get("content-type")).toBe("image/jpeg");
    expect([jpeg[0], jpeg[1]]).toEqual([0xff, 0xd8]);
  });

  it("that a symbolic link took the place of is not given out", async () => {
    const [file] = files;
    if (file === undefined) throw new Error("no file");
    const path = onDisk(file);
    renameSync(path, `${path}.away`);
    writeFileSync(join(product.directory, "secret"), "secret");
    symlinkSync(join(product.directory, "secret"), path);
    const response = await get(`/api/recordings/${file.id}/file`);
    expect([response.status, await response.text()]).toEqual([404, expect.not.stringContaining("secret\n")]);
    execFileSync("rm", [path]);
    renameSync(`${path}.away`, path);
  });
});

describe("playing", () => {
  it("goes over all files without a frame lost or doubled", async () => {
    const frames = await framesOf(`${product.url}/api/recordings/play.m3u8?camera=0&${whole()}`);
    const recorded = await framesOnDisk();
    expect(recorded).toHaveLength(files.reduce((sum, file) => sum + file.frames, 0));
    expect(frames.slice(0, recorded.length)).toEqual(recorded);
  });
});

describe("an export", () => {
  const exported = async (id: number) => (await product.api<Export>(`/api/exports/${id}`)).body;

  it("holds the range, cut at key frames, without a frame lost or doubled, and proves itself", async () => {
    // The first one may be very short: the next began with the clock.
    const [last, whole] = [files.at(-1), files.at(-2)];
    const newest = files[0];
    if (last === undefined || whole === undefined || newest === undefined) throw new Error("no files");
    const range = { from: new Date(whole.startedAt + 1500).toISOString(), to: new Date(newest.endedAt).toISOString() };
    const { status, body } = await product.api<Export>("/api/exports", { camera: 0, ...range });
    expect(status).toBe(202);
    const done = await until("the export", 30_000, async () => {
      const now = await exported(body.id);
      return now.state === "finished" || now.state === "failed" ? now : null;
    });
    expect(done).toMatchObject({ state: "finished", progress: 1, sources: files.length - 1 });
    const file = await get(`/api/exports/${body.id}/file`);
    expect(file.status).toBe(200);
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(done.sha256);
    const path = join(product.directory, done.name);
    writeFileSync(path, bytes);
    const frames = await framesOf(path);
    // From the key frame at the first second on.
    expect(frames).toEqual((await framesOnDisk()).slice(last.frames + 30));
    const manifest = await get(`/api/exports/${body.id}/manifest`);
    writeFileSync(`${path}.json`, await manifest.text());
    expect(verify(path)).toMatchObject({ code: 0, text: expect.stringContaining("sound") as string });
    writeFileSync(path, bytes.subarray(1));
    expect(verify(path)).toMatchObject({ code: 1 });
    expect((await product.api(`/api/exports/${body.id}`, undefined, "DELETE")).status).toBe(200);
    expect((await product.api(`/api/exports/${body.id}`)).status).toBe(404);
  });

  it("of a camera without recordings is refused", async () => {
    const body = { camera: 1, from: new Date(1).toISOString(), to: new Date().toISOString() };
    const refused = await product.api<{ code: string }>("/api/exports", body);
    expect([refused.status, refused.body.code]).toEqual([404, "nothingRecorded"]);
  });

  function verify(path: string): { code: number; text: string } {
    const args = [join(process.cwd(), "dist/server/main.js"), "verify", path, "--config", "settings.json"];
    try {
      return { code: 0, text: execFileSync(process.execPath, args, { cwd: product.directory, encoding: "utf8" }) };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, text: stdout };
    }
  }
});

describe("deleting and pinning", () => {
  it("a pinned recording is deleted only without its pin", async () => {
    const [file] = files;
    if (file === undefined) throw new Error("no file");
    const path = onDisk(file);
    expect((await product.api(`/api/recordings/${file.id}/pin`, { pinned: true }, "PUT")).body).toMatchObject({
      pinned: true,
    });
    expect((await product.api(`/api/recordings/${file.id}`, undefined, "DELETE")).body).toMatchObject({
      code: "recordingPinned",
    });
    await product.api(`/api/recordings/${file.id}/pin`, { pinned: false }, "PUT");
    expect((await product.api(`/api/recordings/${file.id}`, undefined, "DELETE")).body).toEqual({ deleted: true });
    expect((await get(`/api/recordings/${file.id}`)).status).toBe(404);
    expect(() => readFileSync(path)).toThrow("ENOENT");
  });
});
