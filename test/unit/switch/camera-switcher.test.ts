import Sqlite from "better-sqlite3";
import { describe, expect, it, vi } from "vitest";
import { migrations } from "../../../server/config/migrations.js";
import { AppError } from "../../../server/lib/errors.js";
import { silentLog } from "../../../server/lib/log.js";
import { CameraSwitcher, type SwitchPipeline } from "../../../server/switch/camera-switcher.js";
import type { Run } from "../../../server/switch/machine.js";
import { Receipts } from "../../../server/switch/receipts.js";
import type { Reason, Step } from "../../../server/switch/switch-types.js";
import { systemClock } from "../../../server/lib/clock.js";

/** A pipeline whose steps end when the test says so. */
class FakePipeline implements SwitchPipeline {
  readonly ran: string[] = [];
  readonly failing = new Map<string, AppError>();
  hold: Step | null = null;
  closed = false;
  loseSource: (reason: Reason) => void = () => undefined;
  #release: () => void = () => undefined;

  async runStep(step: Step, run: Run, signal: AbortSignal): Promise<string | undefined> {
    this.ran.push(`${run.direction === "back" ? "←" : ""}${step}`);
    if (this.hold === step) {
      await new Promise<void>((resolve, reject) => {
        this.#release = resolve;
        signal.addEventListener("abort", () => {
          reject(signal.reason as AppError);
        });
      });
    }
    const error = this.failing.get(`${run.direction} ${step}`);
    if (error !== undefined) throw error;
    return undefined;
  }

  release(): void {
    this.hold = null;
    this.#release();
  }

  sourceLost(): Promise<Reason> {
    return new Promise((resolve) => (this.loseSource = resolve));
  }

  usableCameras(): number[] {
    return [0, 1];
  }

  awaitRecovery(): void {
    this.ran.push("awaitRecovery");
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function setUp(deadlineMs = 5000): { pipeline: FakePipeline; switcher: CameraSwitcher; receipts: Receipts } {
  const db = new Sqlite(":memory:");
  for (const migration of migrations) db.exec(migration);
  const receipts = new Receipts(db, silentLog);
  const pipeline = new FakePipeline();
  const switcher = new CameraSwitcher({ pipeline, receipts, deadlineMs, clock: systemClock, log: silentLog });
  return { pipeline, switcher, receipts };
}

async function receiptOf(switcher: CameraSwitcher, to: number | null) {
  const answer = switcher.request(to, "user");
  if (answer.alreadyLive) throw new Error("already live");
  return answer.receipt;
}

describe("CameraSwitcher", () => {
  it("commits and keeps a receipt with the time of each step", async () => {
    const { switcher, receipts } = setUp();
    const receipt = await receiptOf(switcher, 1);
    expect(receipt).toMatchObject({ outcome: "committed", from: null, to: 1, live: 1, reason: null });
    expect(receipts.list({ limit: 10 })).toEqual([receipt]);
    expect(switcher.request(1, "user")).toEqual({ alreadyLive: true, live: 1 });
    await switcher.close();
  });

  it("A4 rolls back with the reason", async () => {
    const { switcher, pipeline } = setUp();
    await receiptOf(switcher, 0);
    pipeline.failing.set("forward start", new AppError("cameraBusy", "it is busy"));
    const receipt = await receiptOf(switcher, 1);
    expect(receipt).toMatchObject({
      outcome: "rolledBack",
      live: 0,
      reason: { code: "cameraBusy", message: "it is busy" },
    });
    expect(switcher.state).toMatchObject({ kind: "idle", live: 0 });
    await switcher.close();
  });

  it("A3 aborts a step that outlasts the deadline", async () => {
    const { switcher, pipeline } = setUp(20);
    await receiptOf(switcher, 0);
    pipeline.hold = "start";
    const asked = receiptOf(switcher, 1);
    await vi.waitFor(() => {
      expect(pipeline.ran.at(-1)).toBe("←start");
    });
    pipeline.release();
    expect(await asked).toMatchObject({ outcome: "rolledBack", reason: { code: "deadline" } });
    await switcher.close();
  });

  it("of fifty requests runs the first and the newest; the others are superseded and get no receipt", async () => {
    const { switcher, pipeline, receipts } = setUp();
    await receiptOf(switcher, 0);
    pipeline.hold = "stop";
    const ends = Promise.allSettled(Array.from({ length: 50 }, (_, n) => receiptOf(switcher, n % 2 === 0 ? 1 : 0)));
    await vi.waitFor(() => {
      expect(pipeline.ran.at(-1)).toBe("stop");
    });
    pipeline.release();
    const superseded = (await ends).filter(
      (end) => end.status === "rejected" && (end.reason as AppError).code === "superseded",
    );
    expect(superseded).toHaveLength(48);
    expect(switcher.state).toMatchObject({ kind: "idle", live: 0 });
    expect(receipts.list({ limit: 100 })).toHaveLength(3);
    await switcher.close();
  });

  it("B3 recovers a lost source by itself", async () => {
    const { switcher, pipeline } = setUp();
    await receiptOf(switcher, 0);
    const kinds: string[] = [];
    switcher.on("changed", () => kinds.push(switcher.state.kind));
    pipeline.loseSource({ code: "cameraExited", message: "it died" });
    await vi.waitFor(() => {
      expect(kinds.at(-1)).toBe("idle");
    });
    expect(kinds[0]).toBe("recovering");
    await switcher.close();
  });

  it("closes in the middle of a switch: the receipt says so, the waiting request is refused", async () => {
    const { switcher, pipeline, receipts } = setUp();
    await receiptOf(switcher, 0);
    pipeline.hold = "start";
    const running = receiptOf(switcher, 1);
    const waiting = receiptOf(switcher, 0);
    await vi.waitFor(() => {
      expect(pipeline.ran.at(-1)).toBe("start");
    });
    await switcher.close();
    await expect(waiting).rejects.toMatchObject({ code: "shuttingDown" });
    await expect(running).rejects.toMatchObject({ code: "shuttingDown" });
    expect(receipts.list({ limit: 1 })[0]).toMatchObject({ outcome: "failed", reason: { code: "shuttingDown" } });
    expect(pipeline.closed).toBe(true);
    expect(() => switcher.request(0, "user")).toThrow("stopping");
  });
});

describe("I6 receipts", () => {
  it("turns a receipt that a crash left open into a failed one", () => {
    const db = new Sqlite(":memory:");
    for (const migration of migrations) db.exec(migration);
    const id = new Receipts(db, silentLog).open({ trigger: "user", from: 0, to: 1, requestedAt: 5 });
    const after = new Receipts(db, silentLog);
    expect(after.get(id)).toMatchObject({ outcome: "failed", requestedAt: 5 });
    expect(after.open({ trigger: "user", from: 0, to: 1, requestedAt: 6 })).toBe(id + 1);
  });
});
