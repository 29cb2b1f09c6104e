import { expect, it } from "vitest";
import { auditSubjectText } from "../../../../web/src/i18n/account-text.js";
import { en } from "../../../../web/src/i18n/en.js";
import { ko } from "../../../../web/src/i18n/ko.js";

it("G5: what an administrator did is told in the words of the page", () => {
  expect(auditSubjectText(ko, "Ann: viewer")).toBe("Ann: 보기");
  expect(auditSubjectText(en, "Ann: role operator, enabled false, password")).toBe(
    "Ann: Operator, May sign in ✕, New password",
  );
  expect(["Ann", "a: b", "Ann: brandNew"].map((subject) => auditSubjectText(ko, subject))).toEqual([
    "Ann",
    "a: b",
    "Ann: brandNew",
  ]);
});
