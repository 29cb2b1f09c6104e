import { describe, expect, it } from "vitest";
import { isWorthTelling, noticeText, type Notice } from "../../../../web/src/state/notice.js";
import { dictionaries, receipt } from "../support.js";

const reason = { code: "cameraStartTimeout", message: "raw" };
const committed: Notice = { kind: "receipt", receipt: receipt() };
const rolledBack: Notice = { kind: "receipt", receipt: receipt({ outcome: "rolledBack", live: 0, reason }) };
const notices: Notice[] = [
  committed,
  { kind: "receipt", receipt: receipt({ to: null, live: null }) },
  rolledBack,
  { kind: "receipt", receipt: receipt({ outcome: "rolledBack", from: null, live: null, reason }) },
  { kind: "receipt", receipt: receipt({ outcome: "failed", live: null, reason }) },
  { kind: "receipt", receipt: receipt({ outcome: "failed", to: null, live: null, reason }) },
  { kind: "problem", code: "unreachable", message: "raw" },
  { kind: "alreadyLive", camera: 1 },
  { kind: "profileSaved", camera: 0, restarted: true },
  { kind: "profileSaved", camera: 0, restarted: false },
  { kind: "sizeChanged", camera: 0, width: 1280, height: 720 },
  { kind: "swapped" },
  { kind: "restSaved" },
  { kind: "retentionSaved" },
  { kind: "handLimitSaved" },
  { kind: "imported", changed: 2, ignored: ["http.port"] },
  { kind: "notJson" },
];

describe.each(dictionaries)("notices in %s", (_language, text) => {
  const words = { text, label: (n: number) => `<${n}>`, reason: (code: string) => `[${code}]`, isDual: false };

  it("puts every notice into words", () => {
    for (const notice of notices) expect(noticeText(notice, words).title).not.toBe("");
  });

  it("A4: says which camera failed, which is live, and why", () => {
    const { tone, title, detail } = noticeText(rolledBack, words);
    expect(tone).toBe("bad");
    expect(title).toContain("<1>");
    expect(title).toContain("<0>");
    expect(detail).toBe("[cameraStartTimeout]");
  });

  it("A4: says that a camera went back to its former settings, not that it did not start", () => {
    const back = receipt({ trigger: "profile", from: 0, to: 0, live: 0, outcome: "rolledBack", reason });
    const { tone, title, detail } = noticeText({ kind: "receipt", receipt: back }, words);
    expect([tone, detail]).toEqual(["bad", "[cameraStartTimeout]"]);
    expect(title).toBe(text.resultProfileRolledBack("<0>"));
  });

  it("A10: speaks of both cameras when both were asked for, and of one that was chosen among them", () => {
    const dual = { ...words, isDual: true };
    const mode = { kind: "receipt", receipt: receipt({ trigger: "mode", to: 0, live: 0 }) } as const;
    expect(noticeText(mode, dual).title).toBe(text.resultBoth("1.23 s"));
    expect(noticeText(mode, words).title).toBe(text.resultCommitted("<0>", "1.23 s"));
    expect(noticeText(committed, dual).title).toContain("<1>");
  });

  it("says how long a good switch took", () => {
    expect(noticeText(committed, words).title).toMatch(/<1>.*1[.,]23 s/);
  });
});

describe("what is worth a notice", () => {
  it("is every failure, and the successes that a person waits for", () => {
    expect(isWorthTelling(receipt({ trigger: "rotation", outcome: "rolledBack" }))).toBe(true);
    expect(isWorthTelling(receipt({ trigger: "rotation" }))).toBe(false);
    expect(isWorthTelling(receipt({ trigger: "start" }))).toBe(false);
    expect(isWorthTelling(receipt())).toBe(true);
  });
});
