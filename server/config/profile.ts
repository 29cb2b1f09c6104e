import { z } from "zod";

/** The frame rates for which a part of 0.2 s and a tick of 1/90 000 s both come out whole. */
export const frameRates = [5, 10, 15, 20, 25, 30, 50, 60] as const;

const fraction = z.number().min(0).max(1);
const even = (min: number, max: number) => z.number().int().min(min).max(max).multipleOf(2);

/** How one camera captures and how its picture is encoded (A7). Every field has the default of A8. */
export const profileSchema = z.strictObject({
  label: z.string().trim().max(40).default("").meta({ description: "Name shown on every view; empty: “Camera N”" }),
  width: even(160, 1920).default(640).meta({ description: "Picture width", unit: "pixels" }),
  height: even(120, 1080).default(480).meta({ description: "Picture height", unit: "pixels" }),
  fps: z.literal(frameRates).default(30).meta({ description: "Frame rate", unit: "frames/s" }),
  quality: z.number().int().min(1).max(100).default(80).meta({ description: "JPEG quality", unit: "percent" }),
  bitrateKbps: z
    .number()
    .int()
    .min(100)
    .max(20_000)
    .nullable()
    .default(null)
    .meta({ description: "Ceiling of the H.264 bit rate; null: by size (see defaultBitrateKbps)", unit: "kbit/s" }),
  hflip: z.boolean().default(false).meta({ description: "Mirror left and right" }),
  vflip: z.boolean().default(false).meta({ description: "Mirror top and bottom" }),
  rotation: z.literal([0, 180]).default(0).meta({ description: "Rotation; rpicam-vid has no other", unit: "degrees" }),
  exposure: z.enum(["normal", "sport", "long"]).default("normal").meta({ description: "Exposure mode" }),
  exposureCompensation: z
    .number()
    .min(-10)
    .max(10)
    .default(0)
    .meta({ description: "Exposure compensation", unit: "stops" }),
  whiteBalance: z
    .enum(["auto", "incandescent", "tungsten", "fluorescent", "indoor", "daylight", "cloudy"])
    .default("auto")
    .meta({ description: "White balance" }),
  focus: z
    .enum(["default", "auto", "continuous", "manual"])
    .default("default")
    .meta({ description: "Focus mode; cameras of fixed focus know “default” only" }),
  lensPosition: z
    .number()
    .min(0)
    .max(32)
    .nullable()
    .default(null)
    .meta({ description: "Lens position for manual focus, 0 is infinity", unit: "dioptres" }),
  flicker: z
    .enum(["off", "50hz", "60hz"])
    .default("off")
    .meta({ description: "Mains frequency whose flicker is avoided" }),
  zoom: z
    .strictObject({ x: fraction, y: fraction, width: fraction.gt(0), height: fraction.gt(0) })
    .refine(
      (roi) => roi.x + roi.width <= 1 && roi.y + roi.height <= 1,
      "reaches beyond the picture: x + width and y + height must be at most 1",
    )
    .nullable()
    .default(null)
    .meta({ description: "Part of the sensor that is shown, as fractions of it; null: all" }),
  tuningFile: z
    .string()
    .max(255)
    .startsWith("/", "must be an absolute path")
    .nullable()
    .default(null)
    .meta({ description: "libcamera tuning file; null: the camera's own" }),
  overlayTime: z
    .boolean()
    .default(false)
    .meta({ description: "Draw the local time of each frame into the HLS picture" }),
  overlayLabel: z.boolean().default(false).meta({ description: "Draw the camera's name into the HLS picture" }),
});

export type Profile = z.infer<typeof profileSchema>;

/** The profile with every default. */
export const defaultProfile: Profile = profileSchema.parse({});

/**
 * Bit rate in kbit/s used when a profile states none: 0.3, 1.0 and 2.0 Mbit/s for 320x240, 640x480 and 1280x720 (A8),
 * in proportion to the number of pixels in between and beyond.
 */
export function defaultBitrateKbps(width: number, height: number): number {
  const pixels = width * height;
  const [small, middle, large] = [320 * 240, 640 * 480, 1280 * 720];
  const between = (low: number, high: number, from: number, to: number) =>
    from + ((pixels - low) / (high - low)) * (to - from);
  const kbps = pixels <= middle ? between(small, middle, 300, 1000) : between(middle, large, 1000, 2000);
  return Math.max(150, Math.round(kbps));
}

/** The name shown on every view of a camera: its label, or its number in plain words. */
export function labelOf(camera: number, profile: Pick<Profile, "label">): string {
  return profile.label === "" ? `Camera ${camera}` : profile.label;
}
