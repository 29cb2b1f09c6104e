import type { Resources } from "../../../server/http/wire-protection.js";
import type { Dictionary } from "../i18n/dictionary.js";

/** Why a figure of the machine is unknown: in the language of the page, and in the service's own words. */
export interface Unknown {
  readonly unknown: string;
  readonly why: string | null;
}

/** What some devices have no sensor for; all else can be read everywhere, sooner or later. */
const sensors: ReadonlySet<string> = new Set(["temperatureC", "throttling"]);

/** `figure` is its name in `Resources`. */
export function unknownFigure(figure: string, resources: Resources | null, t: Dictionary): Unknown {
  if (resources === null) return { unknown: t.unknownNotMeasured, why: null };
  const why = Object.hasOwn(resources.unknown, figure) ? (resources.unknown[figure] ?? null) : null;
  return { unknown: sensors.has(figure) ? t.unknownNoSensor : t.unknownNotMeasured, why };
}

/** `show` may say that the value is there, but that what is shown of it is unknown (null). */
export function valueOf<Value>(
  value: Value | null | undefined,
  show: (value: NonNullable<Value>) => string | null,
  absent: Unknown,
): { readonly known: string } | Unknown {
  const known = value === null || value === undefined ? null : show(value);
  return known === null ? absent : { known };
}
