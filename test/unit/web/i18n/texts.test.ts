import { describe, expect, it } from "vitest";
import { errorCodes } from "../../../../server/lib/errors.js";
import { outcomes, switchSteps, switchTriggers } from "../../../../server/http/wire.js";
import { en } from "../../../../web/src/i18n/en.js";
import { enErrors } from "../../../../web/src/i18n/en-errors.js";
import { errorText } from "../../../../web/src/i18n/error-texts.js";
import { ko } from "../../../../web/src/i18n/ko.js";
import { koErrors } from "../../../../web/src/i18n/ko-errors.js";
import { languages, pickLanguage } from "../../../../web/src/i18n/language.js";
import { outcomeText, stepText, triggerText } from "../../../../web/src/i18n/step-text.js";
import { formatBytes, formatMs, formatPercent } from "../../../../web/src/i18n/format.js";
import { dictionaries } from "../support.js";

const hangul = /[가-힣]/;
const filled = (text: unknown): string =>
  typeof text === "function" ? (text as (...blanks: unknown[]) => string)("1", "2", "3", "4") : String(text);

describe("texts (C3)", () => {
  it("are the same in both languages", () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort());
    expect(Object.keys(koErrors).sort()).toEqual(Object.keys(enErrors).sort());
  });

  it("are never empty, and use every blank they have", () => {
    for (const [, dictionary] of dictionaries) {
      for (const [key, text] of Object.entries(dictionary)) {
        expect(filled(text).trim(), key).not.toBe("");
        expect(filled(text), key).not.toContain("undefined");
        if (typeof text === "function") {
          for (let blank = 1; blank <= text.length; blank++) expect(filled(text), key).toContain(String(blank));
        }
      }
    }
    for (const text of [...Object.values(enErrors), ...Object.values(koErrors)]) expect(text.trim()).not.toBe("");
  });

  it("are in their language", () => {
    const foreign = Object.entries(en).filter(([key, text]) => key !== "languageName" && hangul.test(filled(text)));
    expect(foreign).toEqual([]);
    for (const text of Object.values(koErrors)) expect(text).toMatch(hangul);
  });

  it("exist for every code, step, trigger and outcome of the service", () => {
    for (const code of Object.keys(errorCodes)) {
      expect(errorText(enErrors, code, ""), code).not.toBe("");
      expect(errorText(koErrors, code, ""), code).not.toBe("");
    }
    for (const [, text] of dictionaries) {
      for (const step of switchSteps) expect(stepText(text, step)).not.toBe("");
      for (const trigger of switchTriggers) expect(triggerText(text, trigger)).not.toBe("");
      for (const outcome of [...outcomes, null]) expect(outcomeText(text, outcome)).not.toBe("");
    }
  });

  it("keep the service's words for a code that is not known here", () => {
    expect(errorText(enErrors, "brandNew", "as the service says")).toBe("as the service says");
    expect(errorText(enErrors, "toString", "as the service says")).toBe("as the service says");
  });
});

describe("language", () => {
  it("is the one remembered, else the browser's, else English", () => {
    expect(pickLanguage("ko", ["en-GB"])).toBe("ko");
    expect(pickLanguage("xx", ["de-AT", "ko-KR", "en"])).toBe("ko");
    expect(pickLanguage(null, ["de-AT"])).toBe("en");
    expect(languages).toEqual(["en", "ko"]);
  });
});

describe("figures for people", () => {
  it("have units that fit", () => {
    expect([0, 999, 31_240, 999_600, 22_400_000_000].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "31.2 KB",
      "1.0 MB",
      "22.4 GB",
    ]);
    expect([0, 33.4, 999.6, 1234, 61_000].map(formatMs)).toEqual(["0 ms", "33 ms", "1.00 s", "1.23 s", "61 s"]);
    expect([0, 8.24, 41].map(formatPercent)).toEqual(["0.0%", "8.2%", "41%"]);
  });
});
