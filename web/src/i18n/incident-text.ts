/** Incidents and gaps in the words of the page; codes that it does not know keep the service's own words. */
import type { Gap, Incident } from "../../../server/http/wire-protection.js";
import type { Dictionary } from "./dictionary.js";
import { knownEventText, reasonText } from "./text.js";

export interface IncidentWords {
  readonly title: string;
  readonly detail: string;
}

export function severityText(t: Dictionary, severity: Incident["severity"]): string {
  return { info: t.severityInfo, warning: t.severityWarning, error: t.severityError }[severity];
}

export function incidentText({ code, message }: Pick<Incident, "code" | "message">): IncidentWords {
  const title = knownEventText(code);
  return title === null ? { title: reasonText(code, message), detail: "" } : { title, detail: "" };
}

export function gapText({ code, message }: Pick<Gap, "code" | "message">): string {
  return knownEventText(code) ?? reasonText(code, message);
}
