import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingKeys } from "../../../server/config/setting-keys.js";
import { Door } from "../../../server/http/door.js";
import { EventStreams } from "../../../server/http/event-streams.js";
import { routeTable } from "../../../server/http/route-table.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { FakeService } from "../../support/fake-service.js";

const readmes = ["README.md", "README.ko.md"];
const documents = [
  ...readmes,
  ...["operations", "security", "architecture", "decisions"].map((name) => `docs/${name}.md`),
];
const read = (file: string): string => readFileSync(join(packageRoot, file), "utf8");

const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, "");
/** What stands in backticks within a line or two. */
const quoted = (text: string): string[] =>
  [...withoutCode(text).matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word.replace(/\s+/g, " "));
/** Cells of the rows of all tables. */
const rows = (text: string): string[][] =>
  [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row = ""]) => row.split("|").map((cell) => cell.trim()));
const bare = (cell: string): string => cell.replaceAll("`", "");

const sections = new Set(settingKeys.map(({ path }) => path.split(".")[0]));
const isSetting = (path: string): boolean =>
  settingKeys.some((key) => key.path === path || key.path.startsWith(`${path}.`));
/** What looks like a setting and is something else. */
const otherNames = /^(?:\w+\.(?:json|ts|sqlite|db|key|token|pem|yaml|yml|example|exit|local)|process\.exit)$/;

/** Rows that stand for several settings, and those whose default is said in words. */
const inWords = ["guard.…", "rotation", "cameras.profiles", "http.hosts", "paths.live"];

describe("the documents", () => {
  it.each(readmes)("%s: the table of settings states their defaults as they are", (file) => {
    const table = rows(read(file)).filter(([key = ""]) => key.startsWith("`") && sections.has(bare(key).split(".")[0]));
    expect(table.length).toBeGreaterThan(12);
    for (const [key = "", value = ""] of table) {
      if (inWords.includes(bare(key))) continue;
      const known = settingKeys.find(({ path }) => path === bare(key));
      expect([file, key, bare(value.split(/[,;] /)[0] ?? "")]).toEqual([file, key, String(known?.fallback)]);
    }
  });

  it.each(documents)("%s: every setting that is named exists", (file) => {
    const named = quoted(read(file)).flatMap((word) => /^"?([a-z]+(?:\.[a-zA-Z]+)+)"?(?::|$)/.exec(word)?.[1] ?? []);
    const ours = named.filter((name) => sections.has(name.split(".")[0]) && !otherNames.test(name));
    expect(ours.filter((name) => !isSetting(name))).toEqual([]);
  });

  it("state in README.md the guard's thresholds as they are", () => {
    const value = (key: string) => String(settingKeys.find(({ path }) => path === `guard.${key}`)?.fallback);
    const [, thresholds = ""] = rows(read("README.md")).find(([key]) => key === "`guard.…`") ?? [];
    const [reduce, stop, cpu, memory] = ["temperatureReduceC", "temperatureStopC", "cpuPercent", "memoryPercent"].map(
      value,
    );
    expect(thresholds).toBe(`${reduce} °C, ${stop} °C, ${cpu} %, ${memory} %`);
  });

  it.each(documents)("%s: every address that is named is there, with its methods", (file) => {
    const known = knownRequests();
    expect(requestsIn(read(file)).filter((request) => !known.has(request))).toEqual([]);
  });

  it.each(documents)("%s: every command and every target of make that is named exists", (file) => {
    const names = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);
    const commands = names(read("server/main.ts"), /\.command\("([a-z-]+)"/g);
    const targets = names(read("Makefile"), /^([a-z-]+):/gm);
    const text = read(file);
    // A container goes by that name, too.
    const asked = names(text, /(?:`|sudo |^|main\.js )(?:smart-toggle |(?<=main\.js ))([a-z]+(?:-[a-z]+)*)\b/gm);
    expect(asked.filter((name = "") => ![...commands, "smart-toggle"].includes(name))).toEqual([]);
    expect(names(text, /(?:`|sudo |^|&& )make ([a-z-]+)/gm).filter((name) => !targets.includes(name))).toEqual([]);
  });

  it.each(documents)(
    "%s: every link within the repository leads to something, and every file that is named is there",
    (file) => {
      const text = read(file);
      const folder = dirname(join(packageRoot, file));
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = ""]) => to).filter((to) => !/^\w+:/.test(to));
      const dead = links.filter((to) => {
        const [path = "", anchor] = to.split("#");
        const target = path === "" ? join(packageRoot, file) : join(folder, path);
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).has(anchor));
      });
      expect(dead).toEqual([]);
      const files = quoted(text).filter((word) =>
        /^(?:docker|docs|scripts|nginx|server|test|web)\/[\w./-]+$/.test(word),
      );
      expect(files.filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
    },
  );

  it("say the same in both languages: settings, addresses, commands of the tests", () => {
    const keysOf = (file: string) =>
      rows(read(file)).flatMap(([first = ""]) => (first.startsWith("`") ? [...quoted(first)] : []));
    const plain = (file: string) =>
      keysOf(file)
        .map((key) => key.replace(/\s/g, ""))
        .sort();
    expect(plain("README.ko.md").filter((key) => key !== "")).toEqual(plain("README.md"));
  });
});

function knownRequests(): Set<string> {
  const service = new FakeService();
  const events = new EventStreams(service);
  const table = routeTable(service, events, new Door({ kind: "off" }, 1, "/"));
  events.close();
  const requests = table.flatMap(({ method, path }) => [
    `${method.toUpperCase()} ${path}`,
    ...(method === "get" ? [`HEAD ${path}`] : []),
  ]);
  return new Set(requests.map(withBlanks));
}

const withBlanks = (request: string): string => request.replace(/:\w+/g, ":").replace("/hls/main/", "/hls/:/");

/** `GET /api/x`, and in a row of a table also “`GET`/`PUT /api/x`, `/api/y`”: methods in a row count for what follows. */
function requestsIn(text: string): string[] {
  const found: string[] = [];
  for (const line of withoutCode(text).split("\n")) {
    let methods: string[] = [];
    let open = false;
    for (const word of quoted(line)) {
      const [, method, path] =
        /^(GET|POST|PUT|PATCH|DELETE|HEAD)?(?: ?(\/(?:api|hls|stream|metrics|healthz|readyz)[^\s?]*).*)?$/.exec(word) ??
        [];
      if (method !== undefined) methods = open ? [...methods, method] : [method];
      open = method !== undefined && path === undefined;
      if (path !== undefined) found.push(...methods.map((one) => withBlanks(`${one} ${path}`)));
    }
  }
  return found;
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s-]/gu, "")
        .replace(/\s/g, "-"),
    ),
  );
}
