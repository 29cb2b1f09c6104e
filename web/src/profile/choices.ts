import type { Profile } from "../../../server/http/wire.js";
import type { Dictionary } from "../i18n/dictionary.js";

type Choices<Value extends string> = readonly {
  readonly value: Value;
  readonly text: keyof Dictionary & `option${string}`;
}[];

/** The frame rates that the service takes. */
export const frameRates: readonly Profile["fps"][] = [5, 10, 15, 20, 25, 30, 50, 60];

export const rotations: readonly Profile["rotation"][] = [0, 180];

export const exposures: Choices<Profile["exposure"]> = [
  { value: "normal", text: "optionNormal" },
  { value: "sport", text: "optionSport" },
  { value: "long", text: "optionLong" },
];

export const whiteBalances: Choices<Profile["whiteBalance"]> = [
  { value: "auto", text: "optionAuto" },
  { value: "incandescent", text: "optionIncandescent" },
  { value: "tungsten", text: "optionTungsten" },
  { value: "fluorescent", text: "optionFluorescent" },
  { value: "indoor", text: "optionIndoor" },
  { value: "daylight", text: "optionDaylight" },
  { value: "cloudy", text: "optionCloudy" },
];

export const focuses: Choices<Profile["focus"]> = [
  { value: "default", text: "optionDefault" },
  { value: "auto", text: "optionAuto" },
  { value: "continuous", text: "optionContinuous" },
  { value: "manual", text: "optionManual" },
];

export const flickers: Choices<Profile["flicker"]> = [
  { value: "off", text: "optionOff" },
  { value: "50hz", text: "option50hz" },
  { value: "60hz", text: "option60hz" },
];
