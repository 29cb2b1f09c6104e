import { describe, expect, it } from "vitest";
import { fillTemplate } from "../../../server/ops/template.js";

describe("a template", () => {
  it("takes values within a line, and text of many lines where a placeholder stands alone", () => {
    expect(fillTemplate("a {\n    {{body}}\n    b {{x}}{{x}};\n}\n", { body: "c;\n\nd;\n", x: "1" })).toBe(
      "a {\n    c;\n\n    d;\n    b 11;\n}\n",
    );
  });

  it("drops the line of an empty text", () => {
    expect(fillTemplate("a\n{{none}}\nb", { none: "" })).toBe("a\nb\n");
  });

  it("is not filled twice", () => {
    expect(fillTemplate("{{a}}x", { a: "{{b}}", b: "!" })).toBe("{{b}}x\n");
  });

  it("with a placeholder that has no value is an error", () => {
    expect(() => fillTemplate("{{nobody}}", {})).toThrow("nobody");
  });
});
