import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { redact } from "../../../server/ops/support/redact.js";

const secret = "hunter2-Sw0rdf1sh";

describe("a support bundle's text", () => {
  it.each([
    [`"password": "${secret}"`],
    [`{"accounts":{"adminPassword":"${secret}"}}`],
    [`SMART_TOGGLE__NOTIFY__API_KEY=${secret} next`],
    [`client_secret: ${secret}`],
    [`wifi-psk='${secret}'`],
    [`GET /hls/live.m3u8?token=${secret}&x=1`],
    [`rtsp://admin:${secret}@10.0.0.9/stream`],
    [`Authorization: Bearer ${secret}`],
    [`"cookie":"session=${secret}; theme=dark"`],
    [`curl -H "X: Basic ${secret}"`],
    [`-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`],
    [`-----BEGIN EC PRIVATE KEY-----\n${secret}`],
    [`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.${secret}`],
    [`Make the administrator at http://pi.local:8001/#set-up=${secret}`],
    [`the key stk_0123456789abcdef_${secret} of Grafana`],
    [`$argon2id$v=19$m=65536$${secret}`],
    [`"key": "set-up token", "setupToken": "a \\"${secret}\\" b"`],
  ])("does not say the secret in %s", (text) => {
    expect(redact(text)).not.toContain(secret);
  });

  it("leaves alone what helps", () => {
    const text = [
      "Nov 21 17:04:08 vm smart-toggle[43]: info cameras listed",
      '{"key":"nginx.port","value":8001,"description":"Public port"}',
      "error EADDRINUSE http://localhost:8001/hls/main/live.m3u8",
      "keys: 1 and 2",
    ].join("\n");
    expect(redact(text)).toBe(text);
  });

  it("changes nothing more the second time", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("password=", "token: ", "Bearer ", "x://"), (text, name) => {
        const once = redact(`${name}${text}`);
        expect(redact(once)).toBe(once);
      }),
    );
  });
});
