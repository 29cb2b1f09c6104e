import type { Profile } from "../../../server/http/wire.js";

export type PictureSize = Pick<Profile, "width" | "height">;

export interface SizeChoice extends PictureSize {
  /** `720p`, or width and height where that would not say it all. */
  readonly name: string;
}

/** Those of A8. Any other stands in the settings of the camera. */
const usual: readonly SizeChoice[] = [
  { width: 320, height: 240, name: "240p" },
  { width: 640, height: 480, name: "480p" },
  { width: 1280, height: 720, name: "720p" },
];

export const isSize = (one: PictureSize, other: PictureSize): boolean =>
  one.width === other.width && one.height === other.height;

/** The usual sizes, and the one that is set, wherever it belongs among them. Pure. */
export function sizeChoices(set: PictureSize): readonly SizeChoice[] {
  if (usual.some((choice) => isSize(choice, set))) return usual;
  const own = { width: set.width, height: set.height, name: `${set.width} × ${set.height}` };
  return [...usual, own].sort((one, other) => one.width * one.height - other.width * other.height);
}
