import { EventEmitter } from "node:events";
import Sqlite from "better-sqlite3";
import { beforeEach, describe, expect, it } from "vitest";
import {
  incidentsOf,
  reportCameras,
  reportChannels,
  reportFrozen,
  reportGuard,
  reportNginx,
  reportOutages,
} from "../../../server/app/protection/incident-sources.js";
import { migrations } from "../../../server/config/migrations.js";
import { Incidents, type Incident } from "../../../server/guard/ledger/incidents.js";
import { SafeWrites } from "../../../server/guard/ledger/safe-writes.js";
import type { SafetyGuard } from "../../../server/guard/safety-guard.js";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import type { Nginx } from "../../../server/ops/nginx.js";
import type { Channel } from "../../../server/stream/channel.js";
import type { CameraSwitcher } from "../../../server/switch/camera-switcher.js";
import type { SwitchState } from "../../../server/switch/machine.js";
import { exampleReceipt } from "../../support/fake-service.js";

const idle: SwitchState = { kind: "idle", live: 0, sinceMs: 0, attempts: 0 };

class FakeSwitcher extends EventEmitter {
  state: SwitchState = idle;

  become(state: SwitchState): void {
    this.state = state;
    this.emit("changed");
  }
}

class FakeChannel extends EventEmitter {
  readonly publisher = new EventEmitter();
  showing: { readonly camera: number } | null = { camera: 0 };
}

describe("incidents", () => {
  let incidents: Incidents;
  const found = (): Incident[] => incidents.list({ limit: 20 });

  beforeEach(() => {
    const db = new Sqlite(":memory:");
    for (const migration of migrations) db.exec(migration);
    incidents = new Incidents({ db, writes: new SafeWrites({ db, log: silentLog }), clock });
  });

  it("a lost camera lasts until a picture is live again, over all attempts", () => {
    const switcher = new FakeSwitcher();
    reportCameras(incidents, switcher as unknown as CameraSwitcher);
    const gone = { code: "cameraGone", message: "The camera is not found." } as const;
    const recovering = { kind: "recovering", attempt: 0, preferred: 1, run: null, waiting: null } as const;
    switcher.become({ ...recovering, reason: gone });
    switcher.become({ ...recovering, attempt: 1, reason: { code: "cameraStartTimeout", message: "No picture." } });
    expect(found()).toMatchObject([{ code: "cameraGone", camera: 1, endedAt: null, severity: "error" }]);
    expect(found()[0]?.message).toContain("ribbon cable");
    switcher.become(idle);
    expect(found()).toMatchObject([{ code: "cameraGone", endedAt: expect.any(Number) as number }]);
  });

  it("a switch that did not succeed says what is shown now; one that did says nothing", () => {
    const reason = { code: "cameraBusy", message: "Another program holds it." } as const;
    const [rolledBack] = incidentsOf({ ...exampleReceipt, outcome: "rolledBack", live: 0, reason } as never);
    expect(rolledBack).toMatchObject({ code: "switchRolledBack", camera: 1, severity: "warning" });
    expect(rolledBack?.message).toContain("Camera 0 is shown again. End the other program");
    const [failed] = incidentsOf({ ...exampleReceipt, outcome: "failed", live: null, reason } as never);
    expect(failed).toMatchObject({ code: "switchFailed", severity: "error" });
    const stopped = { code: "shuttingDown", message: "The service was stopped." } as const;
    expect(incidentsOf({ ...exampleReceipt, outcome: "failed", reason: stopped } as never)).toEqual([]);
    expect(incidentsOf(exampleReceipt as never)).toEqual([]);
  });

  it("a camera that hangs in the kernel is named, though the switch away from it succeeds", () => {
    const note = "It does not end, not even by SIGKILL: process 7 (state D). A reboot is needed.";
    const steps = [{ step: "stop", direction: "forward", camera: 1, ms: 1, ok: false, note, about: 0 }];
    expect(incidentsOf({ ...exampleReceipt, steps } as never)).toMatchObject([
      { code: "cameraNeedsReboot", camera: 0 },
    ]);
  });

  it("the guard's stretches follow each other, and its warnings last as long as they stand", () => {
    const guard = Object.assign(new EventEmitter(), { view: { warnings: [] } });
    reportGuard(incidents, guard as unknown as SafetyGuard);
    const reason = { figure: "temperature", value: 81, threshold: 80, message: "81 °C, the picture is stopped" };
    const warm = { figure: "temperature", value: 76, threshold: 75, message: "76 °C, the frame rate is lowered" };
    guard.emit("changed", { reason: warm, view: { rung: "slower" } });
    guard.emit("changed", { reason: { ...warm, value: 77 }, view: { rung: "smaller" } });
    guard.emit("changed", { reason, view: { rung: "stopped" } });
    guard.emit("warningBegan", { code: "underVoltage", message: "Weak.", value: null, threshold: null });
    expect(found()).toMatchObject([
      { kind: "power", code: "underVoltage", endedAt: null },
      { code: "guardStopped", endedAt: null, value: 81, threshold: 80 },
      { code: "guardSmaller", endedAt: expect.any(Number) as number, value: 77 },
      { code: "guardReduced", endedAt: expect.any(Number) as number, value: 76, threshold: 75 },
    ]);
    guard.emit("changed", { reason, view: { rung: "normal" } });
    guard.emit("warningEnded", { code: "underVoltage" });
    expect(found().every(({ endedAt }) => endedAt !== null)).toBe(true);
  });

  it("a warning that stood before anybody listened has its incident, too", () => {
    const unwritable = { code: "stateUnwritable", message: "Full.", value: null, threshold: null };
    const guard = Object.assign(new EventEmitter(), { view: { warnings: [unwritable] } });
    reportGuard(incidents, guard as unknown as SafetyGuard);
    expect(found()).toMatchObject([{ kind: "storage", code: "stateUnwritable", endedAt: null }]);
    guard.emit("warningEnded", { code: "stateUnwritable" });
    expect(found()[0]?.endedAt).not.toBeNull();
  });

  it("an outage of the controller is told when it is over, a frozen picture while it lasts", () => {
    const ledger = new EventEmitter() as unknown as EventEmitter & Parameters<typeof reportOutages>[1];
    reportOutages(incidents, ledger);
    reportFrozen(incidents, ledger, { followed: null });
    const gap = { code: "serviceCrashed", camera: 1, ms: 2345, message: "The service ended.", planned: false };
    ledger.emit("gap", { ...gap, to: null });
    expect(found()).toEqual([]);
    ledger.emit("gap", { ...gap, to: 1 });
    expect(found()).toMatchObject([{ kind: "controller", code: "serviceCrashed" }]);
    expect(found()[0]?.message).toContain("no picture for 2.3 s");
    ledger.emit("gap", { ...gap, code: "cameraFrozen", to: null });
    expect(found()[0]).toMatchObject({ kind: "camera", code: "cameraFrozen", camera: 1, endedAt: null });
    ledger.emit("gap", { ...gap, code: "cameraFrozen", to: 2 });
    expect(found()[0]?.endedAt).not.toBeNull();
    ledger.emit("gap", { ...gap, code: "switch", planned: true, to: 2 });
    expect(found()).toHaveLength(2);
  });

  it("a frozen picture that turns out to be something else is over", () => {
    const ledger = new EventEmitter() as unknown as EventEmitter & Parameters<typeof reportOutages>[1];
    reportFrozen(incidents, ledger, { followed: null });
    const gap = { camera: 1, ms: 5000, message: "", planned: false };
    ledger.emit("gap", { ...gap, code: "cameraFrozen", to: null });
    ledger.emit("gap", { ...gap, code: "cameraFrozen", camera: 0, to: null });
    ledger.emit("gap", { ...gap, code: "guardStopped", camera: null, to: null });
    expect(found()).toMatchObject([{ code: "cameraFrozen", camera: 1, endedAt: expect.any(Number) as number }]);
    ledger.emit("gap", { ...gap, code: "guardStopped", camera: null, to: 9 });
    expect(found()).toHaveLength(1);
  });

  it("a frozen picture that is followed is the camera's own channel's to tell", () => {
    const ledger = new EventEmitter() as unknown as EventEmitter & Parameters<typeof reportOutages>[1];
    reportFrozen(incidents, ledger, { followed: new FakeChannel() as unknown as Channel });
    ledger.emit("gap", { camera: 1, ms: 5000, message: "", planned: false, code: "cameraFrozen", to: null });
    expect(found()).toEqual([]);
  });

  it("media that cannot be written are one incident of all channels, over when each is well or off", () => {
    const [main, own] = [new FakeChannel(), new FakeChannel()];
    reportChannels(incidents, [main, own] as unknown as Channel[]);
    const full = { code: "publishFailed", message: "No space left" };
    main.publisher.emit("error", full);
    own.publisher.emit("error", full);
    expect(found()).toMatchObject([{ kind: "storage", code: "publishFailed", endedAt: null }]);
    main.publisher.emit("part", {});
    expect(found()[0]?.endedAt).toBeNull();
    own.showing = null;
    own.emit("changed");
    expect(found()).toMatchObject([{ endedAt: expect.any(Number) as number }]);
  });

  it("each channel's encoder is told of with its camera", () => {
    const [main, own] = [new FakeChannel(), new FakeChannel()];
    reportChannels(incidents, [main, own] as unknown as Channel[]);
    own.showing = { camera: 1 };
    own.emit("encoderBroken", "SIGKILL");
    expect(found()).toMatchObject([{ kind: "encoder", code: "encoderFailed", camera: 1 }]);
  });

  it("NGINX is lost until it answers again", () => {
    const nginx = new EventEmitter();
    reportNginx(incidents, nginx as unknown as Nginx);
    nginx.emit("lost", { how: "hung", code: null, signal: "SIGKILL" });
    expect(found()).toMatchObject([{ code: "nginxHung", endedAt: null }]);
    nginx.emit("answersAgain", 700);
    expect(found()[0]?.endedAt).not.toBeNull();
  });
});
