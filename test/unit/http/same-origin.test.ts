import { describe, expect, it } from "vitest";
import { isSameOrigin } from "../../../server/http/same-origin.js";

describe("a mutation", () => {
  const host = "192.168.1.5:8001";

  it.each([
    ["a program", {}],
    ["our page", { origin: "http://192.168.1.5:8001" }],
    ["our page, behind a proxy that ends TLS", { origin: "https://cctv.example", host: "cctv.example" }],
    ["our page, with a port that says nothing", { origin: "http://cctv.example", host: "cctv.example:80" }],
    ["our page on a trustworthy address", { origin: "http://192.168.1.5:8001", "sec-fetch-site": "same-origin" }],
    ["a person's own doing", { "sec-fetch-site": "none" }],
  ])("of %s is taken", (_who, headers) => {
    expect(isSameOrigin({ host, ...headers })).toBe(true);
  });

  it.each([
    ["another site", { origin: "http://evil.example" }],
    ["another port", { origin: "http://192.168.1.5:9000" }],
    ["a sandboxed page", { origin: "null" }],
    ["a file", { origin: "file://" }],
    ["a longer name", { origin: "http://192.168.1.5:8001.evil.example" }],
    ["a name with our address as user", { origin: "http://192.168.1.5:8001@evil.example" }],
    ["another site that hides its Origin", { "sec-fetch-site": "cross-site" }],
    ["a site next door", { "sec-fetch-site": "same-site", origin: "http://192.168.1.5:8001" }],
  ])("of %s is refused", (_who, headers) => {
    expect(isSameOrigin({ host, ...headers })).toBe(false);
  });
});
