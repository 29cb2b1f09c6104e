import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Status } from "../../../server/http/wire.js";
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
import { recorderOf } from "../../support/recordings.js";
import { request } from "../../support/request.js";
import { until } from "../../support/until.js";

let product: Product;
let files: Recording[];
/** Before anything was recorded or asked. */
let atRest: { recorder: number | undefined; problem: RecordingStatus["problem"] };

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
  const { problem } = (await product.api<RecordingStatus>("/api/recording/status")).body;
  atRest = { recorder: recorderOf(product), problem };
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

describe("recording by hand (E3)", () => {
  it("needs no process before it begins, and that is no problem", () => {
    expect(atRest).toEqual({ recorder: undefined, problem: null });
  });

  it("is told by the status while it runs, and not after it", async () => {
    const { recording } = (await product.api<Status>("/api/status")).body;
    expect(recording.cameras[0]).toMatchObject({ mode: "manual", wanted: false, recording: false, since: null });
    await product.api("/api/recording/start", { cameras: [0], limitSeconds: 3 });
    const running = await until("recording", 10_000, async () => {
      const [camera] = (await product.api<RecordingStatus>("/api/recording/status")).body.cameras;
      return camera?.recording === true ? camera : null;
    });
    expect(running).toMatchObject({ wanted: true, why: "startedByHand", problem: null });
    expect(running.elapsedMs).toBeLessThan(5000);
    await until("the limit", 10_000, async () => {
      const [camera] = (await product.api<RecordingStatus>("/api/recording/status")).body.cameras;
      return camera?.wanted === false;
    });
  });

  it("ends by the limit of the settings where a start names none", async () => {
    const change = { recording: { handLimitSeconds: 2 } };
    expect((await product.api("/api/settings", change, "PUT")).status).toBe(200);
    const { body } = await product.api<RecordingStatus>("/api/recording/start", { cameras: [0] });
    expect((body.cameras[0]?.until ?? 0) - Date.now()).toBeLessThanOrEqual(2000);
    await until("the limit", 10_000, async () => {
      const [camera] = (await product.api<RecordingStatus>("/api/recording/status")).body.cameras;
      return camera?.wanted === false;
    });
    await product.api("/api/settings", { recording: { handLimitSeconds: null } }, "PUT");
  });

  it("of the camera that is not live says why it does not run", async () => {
    const { body } = await product.api<RecordingStatus>("/api/recording/start", { cameras: [1] });
    expect(body.cameras[1]).toMatchObject({ wanted: true, recording: false, problem: { code: "otherCameraLive" } });
    await product.api("/api/recording/stop", { cameras: [1] });
  });

  it.each([
    ["no cameras", "start", { cameras: [] }, 400],
    ["what is no camera", "start", { cameras: [9] }, 404],
    ["a limit of nothing", "start", { cameras: [0], limitSeconds: 0 }, 400],
    ["an unknown field", "start", { cameras: [0], path: "/etc" }, 400],
    ["what is no camera, to stop", "stop", { cameras: [9] }, 404],
  ])("refuses %s", async (_what, action, body, status) => {
    expect((await product.api(`/api/recording/${action}`, body)).status).toBe(status);
  });
});

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
    const { days } = (await product.api<RecordingDays>(`/api/recordings/days?camera=0&month=${month}`)).body;
    expect(days[0]?.recordings).toBeGreaterThanOrEqual(files.length);
  });

  it.each([
    ["a time that is none", "/api/recordings?from=yesterday", 400],
    ["a page that is none", "/api/recordings?page=x", 400],
    ["too many", "/api/recordings?limit=501", 400],
    ["a month that is none", "/api/recordings/days?month=2026-13", 400],
    ["a range that ends before it begins", `/api/recordings/timeline?from=${iso(2)}&to=${iso(1)}`, 400],
    ["an unknown field", "/api/recordings?path=/etc/passwd", 400],
    ["an unknown number", "/api/recordings/999999", 404],
    ["what is no number", "/api/recordings/..%2f..%2fetc%2fpasswd/file", 404],
    ["a path for a number", "/api/recordings/1%2f..%2f2/file", 404],
    ["a segment that is none", "/api/recordings/1/segments/..%2f0.m4s", 404],
    ["a segment beyond the end", "/api/recordings/1/segments/99.m4s", 404],
    ["NGINX's own place", "/_recordings/cam0/", 404],
    ["an export that is none", "/api/exports/1", 404],
    ["a range in which nothing was recorded", `/api/recordings/play.m3u8?camera=0&from=${iso(1)}&to=${iso(2)}`, 404],
  ])("answers %s", async (_what, path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
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

  it.each([
    ["a camera without recordings", { camera: 1 }, 404],
    ["a range that ends before it begins", { camera: 0, to: new Date(0).toISOString() }, 400],
    ["a time that is none", { camera: 0, from: "now" }, 400],
  ])("of %s is refused", async (_what, change, status) => {
    const body = { from: new Date(1).toISOString(), to: new Date().toISOString(), ...change };
    expect((await product.api("/api/exports", body)).status).toBe(status);
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

describe("a plan (E3)", () => {
  it("survives a restart, and what was started by hand goes on", async () => {
    const plan = { mode: "schedule", schedule: [{ days: [1, 2], from: "08:00", to: "18:00" }] };
    expect((await product.api("/api/recording/plan", { cameras: { 1: plan } }, "PUT")).status).toBe(200);
    await product.api("/api/recording/start", { cameras: [0], limitSeconds: 3600 });
    await product.stop();
    await product.launch();
    const { body } = await product.api<{ cameras: Record<string, unknown> }>("/api/recording/plan");
    expect(body.cameras["1"]).toEqual(plan);
    const { cameras } = (await product.api<RecordingStatus>("/api/recording/status")).body;
    expect(cameras[0]).toMatchObject({ wanted: true, why: "startedByHand" });
    expect((cameras[0]?.until ?? 0) - Date.now()).toBeLessThan(3_600_000);
  });

  it.each([
    ["a time that is none", { mode: "schedule", schedule: [{ days: [1], from: "8", to: "9" }] }, 400],
    ["a day that is none", { mode: "schedule", schedule: [{ days: [7], from: "08:00", to: "09:00" }] }, 400],
    ["an unknown mode", { mode: "always", schedule: [] }, 400],
  ])("with %s is refused", async (_what, plan, status) => {
    expect((await product.api("/api/recording/plan", { cameras: { 0: plan } }, "PUT")).status).toBe(status);
  });
});
