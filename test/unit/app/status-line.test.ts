import { expect, it } from "vitest";
import { statusLine } from "../../../server/app/protection/status-line.js";
import type { Status } from "../../../server/http/wire.js";
import { FakeService } from "../../support/fake-service.js";

const calm = new FakeService().status();
const reason = { code: "cameraGone", message: "The camera is not connected." } as const;
const hot = { figure: "temperature", value: 81, threshold: 80, message: "81 °C, the limit is 80 °C" } as const;
const switching = { id: 1, trigger: "user", from: 0, direction: "forward", step: "stop", elapsedMs: 5 } as const;

it.each<[string, Partial<Status>, string]>([
  ["live", {}, "Camera 0 live"],
  ["switching", { switch: { kind: "switching", ...switching, to: 1, waiting: null } }, "Switching to camera 1"],
  ["turning off", { switch: { kind: "switching", ...switching, to: null, waiting: null } }, "Turning the cameras off"],
  ["off", { mode: "off", switch: { kind: "off" } }, "The cameras are off"],
  [
    "lost",
    { switch: { kind: "recovering", camera: 0, attempt: 1, nextInMs: 5, reason } },
    "No picture: The camera is not connected.",
  ],
  ["reduced", { guard: { ...calm.guard, level: "reduced" } }, "Camera 0 live; protection: reduced"],
  [
    "stopped by the guard, whatever else",
    { guard: { ...calm.guard, level: "stopped", reason: hot }, switch: { kind: "off" } },
    "Protection: stopped. 81 °C, the limit is 80 °C",
  ],
])("the line for systemd: %s", (_, changes, line) => {
  expect(statusLine({ ...calm, ...changes })).toBe(line);
});
