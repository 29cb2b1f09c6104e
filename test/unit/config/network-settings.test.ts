import { describe, expect, it } from "vitest";
import { ConfigError, type ConfigProblem } from "../../../server/config/config-error.js";
import { loadSettings } from "../../../server/config/load.js";

function problemsOf(env: NodeJS.ProcessEnv): readonly ConfigProblem[] {
  try {
    loadSettings({ env });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("G5 settings of networks and paths", () => {
  it("name the field, what it takes and what mends it", () => {
    expect(problemsOf({ SMART_TOGGLE__ACCESS__ALLOW: '["192.168.1.0/24", "192.168.1.0/33"]' })).toMatchObject([
      {
        key: "access.allow.1",
        message: "must be an address or a network, such as 192.168.1.7, 192.168.1.0/24 or fd00::/8",
        fix: "Set access.allow, for example to its default [].",
      },
    ]);
    expect(problemsOf({ SMART_TOGGLE__HTTP__TRUSTED_PROXIES: '["proxy.lan"]' })).toMatchObject([
      { key: "http.trustedProxies.0" },
    ]);
  });

  it.each(["/", "/cctv/", "/a/b.c/"])("take the base path %s", (path) => {
    expect(problemsOf({ SMART_TOGGLE__HTTP__BASE_PATH: path })).toEqual([]);
  });

  it.each([
    "",
    "cctv",
    "/cctv",
    "cctv/",
    "//",
    "/a//b/",
    "/hls/",
    "/api/x/",
    "/../",
    "/a/../b/",
    "/a b/",
    "/a;b/",
    '/a"/',
    "/$x/",
    "/_media/",
  ])("refuse the base path %j", (path) => {
    expect(problemsOf({ SMART_TOGGLE__HTTP__BASE_PATH: path })).toMatchObject([{ key: "http.basePath", value: path }]);
  });
});
