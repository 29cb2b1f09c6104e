import { describe, expect, it } from "vitest";
import {
  drillNames,
  guardFigures,
  guardLevels,
  guardRungs,
  guardWarningCodes,
  severities,
} from "../../../../server/http/wire-protection.js";
import { language } from "../../../../web/src/i18n/chosen-language.js";
import { drillHintText, drillNameText, drillTimeText } from "../../../../web/src/i18n/drill-text.js";
import { enErrors } from "../../../../web/src/i18n/en-errors.js";
import { enEventTitles } from "../../../../web/src/i18n/en-events.js";
import { textOf, type EventTables } from "../../../../web/src/i18n/event-texts.js";
import { formatDuration, formatMs, formatSeconds, formatShare, formatWait } from "../../../../web/src/i18n/format.js";
import {
  guardLevelText,
  guardReasonText,
  guardTitle,
  guardWarningText,
  isWarningCode,
} from "../../../../web/src/i18n/guard-text.js";
import { gapText, incidentText, severityText } from "../../../../web/src/i18n/incident-text.js";
import { en } from "../../../../web/src/i18n/en.js";
import { ko } from "../../../../web/src/i18n/ko.js";
import { koErrors } from "../../../../web/src/i18n/ko-errors.js";
import { koEventAdvice, koEventTitles } from "../../../../web/src/i18n/ko-events.js";
import { dictionaries } from "../support.js";

/** Figures and their units are joined by a space that does not break. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe.each(dictionaries)("texts of protection in %s (C3)", (_language, t) => {
  it("exist for every level, rung, figure, warning, severity and drill", () => {
    const texts = [
      ...guardLevels.map((level) => guardLevelText(t, level)),
      ...guardRungs.filter((rung) => rung !== "normal").map((rung) => guardTitle(t, rung)),
      ...guardFigures.map((figure) => guardReasonText(t, { figure, value: null, threshold: null, message: "" })),
      ...severities.map((severity) => severityText(t, severity)),
      ...drillNames.flatMap((name) => [drillNameText(t, name), drillHintText(t, name)]),
    ];
    for (const text of texts) expect(text).toMatch(/\S/);
    for (const code of guardWarningCodes) {
      expect(isWarningCode(code)).toBe(true);
      const { title, advice } = guardWarningText(t, { code, value: null, threshold: null });
      expect(title, code).toMatch(/\S/);
      expect(advice, code).toMatch(/\S/);
    }
  });

  it("B2: name the figure and the threshold that moved the guard", () => {
    const reason = { figure: "temperature", value: 81.24, threshold: 80, message: "" } as const;
    expect(plain(guardReasonText(t, reason))).toBe(`${t.guardTooHot}: ${t.guardFigures("81.2 °C", "80.0 °C")}`);
    const unknown = { ...reason, figure: "memory", value: null } as const;
    expect(guardReasonText(t, unknown)).toBe(t.guardMemoryFull);
  });

  it("B2: do not call the way back an overload", () => {
    const back = { figure: "cpu", value: 40, threshold: 70, message: "" } as const;
    expect(plain(guardReasonText(t, back))).toBe(`${t.guardRecovering}: ${t.guardBelow("40%", "70%")}`);
  });

  it("B1: under-voltage is no heat, and has no figure", () => {
    const { title } = guardWarningText(t, { code: "underVoltage", value: null, threshold: null });
    expect(title).toBe(t.warningUnderVoltage);
  });

  it("give warnings their units", () => {
    const title = (code: (typeof guardWarningCodes)[number], value: number, threshold: number) =>
      plain(guardWarningText(t, { code, value, threshold }).title);
    expect(title("ownMemory", 612, 500)).toContain("612 MB");
    expect(title("ownCpu", 62, 50)).toContain("62%");
    expect(title("diskSpaceLow", 412_000_000, 1e9)).toContain(t.guardAtLeast("412 MB", "1.0 GB"));
  });

  it("say the time of a drill against what it may take", () => {
    const result = { name: "killSource", outcome: "passed", limitMs: 3000, note: "" } as const;
    expect(drillTimeText(t, { ...result, pictureMs: 1420 })).toBe(t.drillPicture("1.42 s", "3.00 s"));
    expect(drillTimeText(t, { ...result, pictureMs: null })).toBe(t.drillLimit("3.00 s"));
  });
});

describe("texts of events", () => {
  const english: EventTables = { titles: enEventTitles, advice: null, errors: enErrors };
  const korean: EventTables = { titles: koEventTitles, advice: koEventAdvice, errors: koErrors };
  const incident = { message: "As the service says.", value: null, threshold: null };

  it("say what happened, and what to do: in English in the service's own words", () => {
    expect(incidentText(en, english, { ...incident, code: "cameraStalled" })).toEqual({
      title: enEventTitles.cameraStalled,
      detail: "As the service says.",
    });
    expect(incidentText(ko, korean, { ...incident, code: "cameraStalled" })).toEqual({
      title: koEventTitles.cameraStalled,
      detail: koErrors.cameraStalled,
    });
    expect(incidentText(ko, korean, { ...incident, code: "guardReduced" }).detail).toBe(koEventAdvice.guardReduced);
    expect(gapText(korean, { ...incident, code: "switch" })).toBe(koEventTitles.switch);
  });

  it("are those of the warning that stands", () => {
    const warning = { ...incident, code: "underVoltage" };
    expect(incidentText(ko, korean, warning)).toEqual({
      title: ko.warningUnderVoltage,
      detail: ko.warningUnderVoltageAdvice,
    });
  });

  it("are those of the error where there is no other, and the service's for what is not known here", () => {
    expect(incidentText(ko, korean, { ...incident, code: "portBusy" }).title).toBe(koErrors.portBusy);
    const unknown = { ...incident, code: "brandNew" };
    expect(incidentText(ko, korean, unknown)).toEqual({ title: "As the service says.", detail: "" });
    expect(gapText(korean, unknown)).toBe("As the service says.");
  });

  it("are in their language, and the same codes", () => {
    expect(Object.keys(koEventTitles).sort()).toEqual(Object.keys(enEventTitles).sort());
    for (const text of Object.values(enEventTitles)) expect(text).toMatch(/^[A-Z][^가-힣]+$/);
    for (const text of [...Object.values(koEventTitles), ...Object.values(koEventAdvice)])
      expect(text).toMatch(/[가-힣]/);
  });

  it("are not found by the names of an object's own methods", () => {
    expect(textOf(enEventTitles, "toString")).toBeNull();
    expect(textOf(enEventTitles, "switch")).toBe("Switch");
  });
});

describe("figures of protection for people", () => {
  it("durations have two units at the most", () => {
    expect(
      [0, 412, 9960, 59_940, 60_000, 200_000, 3_723_000, 2 * 86_400_000 + 4 * 3_600_000].map(formatDuration),
    ).toEqual(["0.0 s", "0.4 s", "10 s", "60 s", "1 min", "3 min 20 s", "1 h 2 min", "2 d 4 h"]);
  });

  it("a countdown has whole seconds", () => {
    expect([1, 59, 60, 90].map(formatWait)).toEqual(["1 s", "59 s", "1 min", "1 min 30 s"]);
  });

  it("times have the units of the language", () => {
    language.value = "ko";
    const said = [formatSeconds(1234), formatMs(412), formatMs(1420), formatDuration(3_723_000), formatWait(90)];
    language.value = "en";
    expect(said).toEqual(["1.23초", "412 ms", "1.42초", "1시간 2분", "1분 30초"]);
  });

  it("a share with a gap in it is never 100 %", () => {
    expect([100, 99.999, 99.5].map(formatShare)).toEqual(["100.00%", "99.99%", "99.50%"]);
  });
});
