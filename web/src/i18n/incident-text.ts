/** Incidents and gaps in the words of the page; of a code that it does not know, the service's own words stand. */
import type { Gap, Incident } from "../../../server/http/wire-protection.js";
import type { Dictionary } from "./dictionary.js";
import { errorText } from "./error-texts.js";
import { textOf, type EventTables } from "./event-texts.js";
import { guardWarningText, isWarningCode } from "./guard-text.js";

export interface IncidentWords {
  readonly title: string;
  /** What was done, and what a person must do; empty where the title says it all. */
  readonly detail: string;
}

export function severityText(t: Dictionary, severity: Incident["severity"]): string {
  return { info: t.severityInfo, warning: t.severityWarning, error: t.severityError }[severity];
}

export function incidentText(t: Dictionary, tables: EventTables, incident: IncidentFacts): IncidentWords {
  const { code, message, value, threshold } = incident;
  if (isWarningCode(code)) {
    const { title, advice } = guardWarningText(t, { code, value, threshold });
    return { title, detail: advice };
  }
  const title = textOf(tables.titles, code);
  if (title === null) return { title: errorText(tables.errors, code, message), detail: "" };
  return { title, detail: adviceOf(tables, code, message) };
}

type IncidentFacts = Pick<Incident, "code" | "message" | "value" | "threshold">;

export function gapText(tables: EventTables, { code, message }: Pick<Gap, "code" | "message">): string {
  return textOf(tables.titles, code) ?? errorText(tables.errors, code, message);
}

function adviceOf({ advice, errors }: EventTables, code: string, message: string): string {
  return advice === null ? message : (textOf(advice, code) ?? errorText(errors, code, message));
}
