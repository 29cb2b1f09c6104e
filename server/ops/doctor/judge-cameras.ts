/** Judgements on cameras, their holders, and what the firmware is told of them. Pure. */
import { broken, good, unknownFinding, warning, type Finding } from "./finding.js";

export interface SeenCamera {
  readonly number: number;
  readonly model: string;
  readonly connected: boolean;
}

/** `seen`: as the running service says, or a listing where it does not run. `simulated`: and why. */
export type CameraFacts =
  | { readonly kind: "seen"; readonly cameras: readonly SeenCamera[] }
  | { readonly kind: "simulated"; readonly count: number; readonly wanted: boolean; readonly why: string }
  | { readonly kind: "failed" | "unknown"; readonly why: string };

const subject = "cameras";
const install = "on a Raspberry Pi: sudo apt-get install rpicam-apps-lite";
const plug = "turn the Pi off, seat the camera's cable at both ends, then: rpicam-hello --list-cameras";

export function judgeCameras(facts: CameraFacts): Finding {
  switch (facts.kind) {
    case "failed":
      return broken(subject, facts.why, plug);
    case "simulated":
      return facts.wanted
        ? good(subject, `${facts.count} simulated, because the settings say so`)
        : warning(subject, `${facts.count} simulated: ${facts.why}`, /not installed/.test(facts.why) ? install : plug);
    case "unknown":
      return unknownFinding(subject, facts.why);
    case "seen":
      return judgeSeen(facts.cameras);
  }
}

function judgeSeen(cameras: readonly SeenCamera[]): Finding {
  const gone = cameras.filter(({ connected }) => !connected);
  const names = cameras.map(({ number, model }) => `${number} ${model}`).join(", ");
  if (cameras.length === 0) return broken(subject, "none is connected", plug);
  if (gone.length === 0) return good(subject, names);
  const missing = gone.map(({ number }) => number).join(", ");
  return broken(subject, `not connected: ${missing} (known are ${names})`, plug);
}

export interface Holder {
  readonly pid: number;
  readonly name: string;
  /** It belongs to the running service. */
  readonly isOurs: boolean;
}

export interface HolderFacts {
  /** How many real cameras are known. */
  readonly cameras: number;
  /** Their device files. */
  readonly devices: readonly string[];
  readonly holders: readonly Holder[];
  /** Other users' processes could not be looked into. */
  readonly unreadable: boolean;
}

const holding = "who holds the cameras";

export function judgeHolders({ cameras, devices, holders, unreadable }: HolderFacts): Finding {
  if (cameras === 0) return good(holding, "no real camera is known, so nobody");
  if (devices.length === 0) return unknownFinding(holding, "which devices they are cannot be told");
  const others = holders.filter(({ isOurs }) => !isOurs);
  const [first] = others;
  if (first !== undefined) {
    const names = others.map(({ name, pid }) => `${name}, process ${pid}`).join("; ");
    return broken(holding, `another program: ${names}`, `sudo kill ${first.pid}`);
  }
  if (holders.length > 0) return good(holding, "Smart Toggle");
  if (unreadable) return unknownFinding(holding, "processes of other users hide what they hold; ask as root");
  return good(holding, "nobody");
}

/** Sensors that Raspberry Pi OS has an overlay for (its documentation, “camera software”), and makers' own. */
const sensorOverlay = /^(?:ov\d+|imx\d+|arducam|camera-mux|adv7282|tc358743|irs1125)/;

export interface BootConfig {
  readonly autoDetect: boolean;
  /** Overlays of camera sensors, with their parameters. */
  readonly overlays: readonly string[];
  /** `start_x=1`: the camera stack of years ago, which libcamera cannot live beside. */
  readonly legacyStack: boolean;
}

/** Reads config.txt as a Pi 5 does: what stands under a filter for another model does not count. */
export function parseBootConfig(text: string): BootConfig {
  const values: [string, string][] = [];
  let applies = true;
  for (const line of text.split("\n").map((each) => each.replace(/#.*/, "").trim())) {
    const filter = /^\[(.+)\]$/.exec(line)?.[1];
    if (filter !== undefined) applies = ["all", "pi5"].includes(filter);
    const [, key, value] = /^([a-z_]+)=(.*)$/.exec(line) ?? [];
    if (applies && key !== undefined && value !== undefined) values.push([key, value.trim()]);
  }
  const last = (key: string): string | undefined => values.findLast(([name]) => name === key)?.[1];
  return {
    autoDetect: last("camera_auto_detect") === "1",
    overlays: values.flatMap(([key, value]) => (key === "dtoverlay" && sensorOverlay.test(value) ? [value] : [])),
    legacyStack: last("start_x") === "1",
  };
}

/** `path`: of config.txt; null: this machine has none, so it is no Pi. */
export function judgeBootConfig(path: string | null, text: string): Finding {
  const about = "camera in config.txt";
  if (path === null) return good(about, "this is no Raspberry Pi");
  const { autoDetect, overlays, legacyStack } = parseBootConfig(text);
  if (legacyStack) {
    return broken(
      about,
      "start_x=1 loads the camera stack of years ago",
      `remove start_x=1 from ${path}, then: sudo reboot`,
    );
  }
  if (overlays.length > 0)
    return good(about, `dtoverlay=${overlays.join(", ")}${autoDetect ? ", and camera_auto_detect=1" : ""}`);
  if (autoDetect) return good(about, "camera_auto_detect=1");
  const mend = `echo camera_auto_detect=1 | sudo tee -a ${path} && sudo reboot`;
  return broken(
    about,
    "the firmware looks for no camera: neither camera_auto_detect=1 nor an overlay of a sensor",
    mend,
  );
}
