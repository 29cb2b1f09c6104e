import { AppError } from "../lib/errors.js";

/**
 * Puts values in the place of `{{name}}`. A placeholder that stands alone on its line takes text of many lines, each
 * indented like itself; with an empty text the line goes. Throws `internal` on a placeholder without a value.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const valueOf = (name: string): string => {
    const value = values[name];
    if (value === undefined) throw new AppError("internal", `The template asks for ${name}, which has no value.`);
    return value;
  };
  const lines = template.trimEnd().split("\n");
  return lines.map((line) => fillLine(line, valueOf)).join("");
}

function fillLine(line: string, valueOf: (name: string) => string): string {
  const alone = /^(\s*)\{\{(\w+)\}\}$/.exec(line);
  if (alone === null) return `${line.replace(/\{\{(\w+)\}\}/g, (_, name: string) => valueOf(name))}\n`;
  const [, indent = "", name = ""] = alone;
  const text = valueOf(name).trimEnd();
  if (text === "") return "";
  return text
    .split("\n")
    .map((each) => (each === "" ? "\n" : `${indent}${each}\n`))
    .join("");
}
