import type { Profile, ProfilePatch } from "../../../server/http/wire.js";
import { numberError, type FieldError } from "./field-error.js";

/** A profile as a form holds it: numbers as they were typed, and empty for “chosen by the service”. */
export interface Draft {
  readonly label: string;
  readonly width: string;
  readonly height: string;
  readonly fps: string;
  readonly quality: string;
  readonly bitrateKbps: string;
  readonly hflip: boolean;
  readonly vflip: boolean;
  readonly rotation: string;
  readonly exposure: Profile["exposure"];
  readonly exposureCompensation: string;
  readonly whiteBalance: Profile["whiteBalance"];
  readonly focus: Profile["focus"];
  readonly lensPosition: string;
  readonly flicker: Profile["flicker"];
  readonly zoomed: boolean;
  readonly zoomX: string;
  readonly zoomY: string;
  readonly zoomWidth: string;
  readonly zoomHeight: string;
  readonly tuningFile: string;
  readonly overlayTime: boolean;
  readonly overlayLabel: boolean;
}

export type FieldName = keyof Draft;
export type DraftErrors = Partial<Record<FieldName, FieldError>>;
export type DraftReading =
  { readonly kind: "profile"; readonly profile: Profile } | { readonly kind: "errors"; readonly errors: DraftErrors };

const optional = (value: number | null): string => (value === null ? "" : String(value));

export function toDraft(profile: Profile): Draft {
  const { zoom } = profile;
  return {
    label: profile.label,
    width: String(profile.width),
    height: String(profile.height),
    fps: String(profile.fps),
    quality: String(profile.quality),
    bitrateKbps: optional(profile.bitrateKbps),
    hflip: profile.hflip,
    vflip: profile.vflip,
    rotation: String(profile.rotation),
    exposure: profile.exposure,
    exposureCompensation: String(profile.exposureCompensation),
    whiteBalance: profile.whiteBalance,
    focus: profile.focus,
    lensPosition: optional(profile.lensPosition),
    flicker: profile.flicker,
    zoomed: zoom !== null,
    zoomX: String(zoom?.x ?? 0),
    zoomY: String(zoom?.y ?? 0),
    zoomWidth: String(zoom?.width ?? 1),
    zoomHeight: String(zoom?.height ?? 1),
    tuningFile: profile.tuningFile ?? "",
    overlayTime: profile.overlayTime,
    overlayLabel: profile.overlayLabel,
  };
}

/** The profile that a draft means, or what is wrong in it. */
export function readDraft(draft: Draft): DraftReading {
  const errors = errorsOf(draft);
  if (Object.keys(errors).length > 0) return { kind: "errors", errors };
  const optionalNumber = (typed: string) => (typed.trim() === "" ? null : Number(typed));
  return {
    kind: "profile",
    profile: {
      label: draft.label.trim(),
      width: Number(draft.width),
      height: Number(draft.height),
      fps: Number(draft.fps) as Profile["fps"],
      quality: Number(draft.quality),
      bitrateKbps: optionalNumber(draft.bitrateKbps),
      hflip: draft.hflip,
      vflip: draft.vflip,
      rotation: Number(draft.rotation) as Profile["rotation"],
      exposure: draft.exposure,
      exposureCompensation: Number(draft.exposureCompensation),
      whiteBalance: draft.whiteBalance,
      focus: draft.focus,
      lensPosition: optionalNumber(draft.lensPosition),
      flicker: draft.flicker,
      zoom: zoomOf(draft),
      tuningFile: draft.tuningFile.trim() === "" ? null : draft.tuningFile.trim(),
      overlayTime: draft.overlayTime,
      overlayLabel: draft.overlayLabel,
    },
  };
}

/** The fields in which two profiles differ, with the values of the second. */
export function patchBetween(before: Profile, after: Profile): ProfilePatch {
  const changed = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof Profile]),
  );
  return Object.fromEntries(changed);
}

/** The form's field for one that the service's problem document names (`zoom.x`, `fps`). */
export function fieldNamed(name: string): FieldName | null {
  const zoomFields: Record<string, FieldName> = {
    "zoom.x": "zoomX",
    "zoom.y": "zoomY",
    "zoom.width": "zoomWidth",
    "zoom.height": "zoomHeight",
    zoom: "zoomed",
  };
  const known: readonly string[] = Object.keys(emptyNames);
  return zoomFields[name] ?? (known.includes(name) ? (name as FieldName) : null);
}

function zoomOf(draft: Draft): Profile["zoom"] {
  if (!draft.zoomed) return null;
  return {
    x: Number(draft.zoomX),
    y: Number(draft.zoomY),
    width: Number(draft.zoomWidth),
    height: Number(draft.zoomHeight),
  };
}

function errorsOf(draft: Draft): DraftErrors {
  const errors: DraftErrors = {};
  for (const name of ["width", "height", "quality", "bitrateKbps", "exposureCompensation", "lensPosition"] as const) {
    const error = numberError(name, draft[name]);
    if (error) errors[name] = error;
  }
  if (draft.zoomed) Object.assign(errors, zoomErrors(draft));
  const path = draft.tuningFile.trim();
  if (path !== "" && !path.startsWith("/")) errors.tuningFile = { kind: "path" };
  return errors;
}

function zoomErrors(draft: Draft): DraftErrors {
  const errors: DraftErrors = {};
  for (const name of ["zoomX", "zoomY", "zoomWidth", "zoomHeight"] as const) {
    const error = numberError(name, draft[name]);
    if (error) errors[name] = error;
  }
  if (Number(draft.zoomX) + Number(draft.zoomWidth) > 1) errors.zoomWidth ??= { kind: "zoom" };
  if (Number(draft.zoomY) + Number(draft.zoomHeight) > 1) errors.zoomHeight ??= { kind: "zoom" };
  return errors;
}

/** Every field once, so that a name can be looked up at run time. */
const emptyNames: Record<FieldName, true> = {
  label: true,
  width: true,
  height: true,
  fps: true,
  quality: true,
  bitrateKbps: true,
  hflip: true,
  vflip: true,
  rotation: true,
  exposure: true,
  exposureCompensation: true,
  whiteBalance: true,
  focus: true,
  lensPosition: true,
  flicker: true,
  zoomed: true,
  zoomX: true,
  zoomY: true,
  zoomWidth: true,
  zoomHeight: true,
  tuningFile: true,
  overlayTime: true,
  overlayLabel: true,
};
