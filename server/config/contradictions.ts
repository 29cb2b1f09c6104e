import { resolve } from "node:path";
import type { Profile } from "./profile.js";
import type { Settings } from "./schema.js";

/** Values that are each allowed but not together. The first key is the one to be named. */
export interface Contradiction {
  readonly keys: readonly string[];
  readonly message: string;
  readonly fix: string;
}

type Rule = (settings: Settings) => Contradiction[];

const portsDiffer: Rule = ({ http, nginx, tls }) => {
  const ports = [
    ["http.port", http.port],
    ["nginx.port", nginx.port],
    ["nginx.verifyPort", nginx.verifyPort],
    ...(tls.mode === "off" ? [] : [["tls.port", tls.port] as const]),
  ] as const;
  return ports.flatMap(([key, port], index) => {
    const same = ports.slice(0, index).find(([, other]) => other === port);
    if (same === undefined) return [];
    return [{ keys: [key, same[0]], message: `is the same port as ${same[0]}`, fix: "Give each a port of its own." }];
  });
};

const tlsFilesNamed: Rule = ({ tls }) => {
  if (tls.mode !== "files") return [];
  const missing = (["certificateFile", "keyFile"] as const).filter((key) => tls[key] === null);
  return missing.map((key) => ({
    keys: [`tls.${key}`, "tls.mode"],
    message: "is not set, but tls.mode is files",
    fix: "Name the PEM file, or set tls.mode to self-made or off.",
  }));
};

const deadlineLeavesTime: Rule = ({ switch: times }) => {
  const stopping = times.stopMs + times.terminateMs + times.drainMs + times.settleMs;
  if (times.deadlineMs > stopping) return [];
  return [
    {
      keys: ["switch.deadlineMs", "switch.stopMs", "switch.terminateMs", "switch.drainMs", "switch.settleMs"],
      message: `leaves no time to start a camera: stopMs, terminateMs, drainMs and settleMs already make ${stopping} ms`,
      fix: `Set it above ${stopping}, or lower those.`,
    },
  ];
};

const firstFrameWithinDeadline: Rule = ({ switch: { firstFrameMs, deadlineMs } }) => {
  if (firstFrameMs <= deadlineMs) return [];
  return [
    {
      keys: ["switch.firstFrameMs", "switch.deadlineMs"],
      message: `is never reached: a switch is rolled back after switch.deadlineMs, ${deadlineMs} ms`,
      fix: `Set it to ${deadlineMs} or less, or raise switch.deadlineMs.`,
    },
  ];
};

const orderNamesOnce: Rule = ({ cameras: { order } }) => {
  const twice = order.find((id, index) => order.indexOf(id) !== index);
  if (twice === undefined) return [];
  return [{ keys: ["cameras.order"], message: `names ${twice} more than once`, fix: "Name each camera once." }];
};

const lensNeedsManualFocus: Rule = ({ cameras: { profiles } }) =>
  Object.entries(profiles).flatMap(([number, { focus, lensPosition }]: [string, Profile]) => {
    if (lensPosition === null || focus === "manual") return [];
    const path = `cameras.profiles.${number}`;
    return [
      {
        keys: [`${path}.lensPosition`, `${path}.focus`],
        message: `has no effect while ${path}.focus is ${focus}`,
        fix: `Set ${path}.focus to manual, or lensPosition to null.`,
      },
    ];
  });

/** Live media is removed at will; what must survive cannot lie in the same place. */
const liveApartFromState: Rule = ({ paths: { live, state } }) => {
  if (live === null || !`${resolve(state)}/`.startsWith(`${resolve(live)}/`)) return [];
  return [
    {
      keys: ["paths.live", "paths.state"],
      message: "holds paths.state, but live media is removed at every start",
      fix: "Choose another folder, on tmpfs.",
    },
  ];
};

/** Recordings would take the memory that live media need. */
const recordingsApartFromLive: Rule = ({ paths: { live }, recording: { directory } }) => {
  if (live === null || !`${resolve(directory)}/`.startsWith(`${resolve(live)}/`)) return [];
  return [
    {
      keys: ["recording.directory", "paths.live"],
      message: "lies in paths.live, which is for live media",
      fix: "Choose a folder on a disk.",
    },
  ];
};

const stopsAboveReduction: Rule = ({ guard: { temperatureReduceC, temperatureStopC } }) => {
  if (temperatureStopC > temperatureReduceC) return [];
  return [
    {
      keys: ["guard.temperatureStopC", "guard.temperatureReduceC"],
      message: `is not above guard.temperatureReduceC, ${temperatureReduceC} °C: nothing would be reduced before the stop`,
      fix: `Set it above ${temperatureReduceC}, or lower guard.temperatureReduceC.`,
    },
  ];
};

const percentLeavesWayBack: Rule = ({ guard: { cpuPercent, memoryPercent, percentBack } }) => {
  const lowest = Math.min(cpuPercent, memoryPercent);
  if (percentBack < lowest) return [];
  return [
    {
      keys: ["guard.percentBack", "guard.cpuPercent", "guard.memoryPercent"],
      message: `leaves no way back: the lower of guard.cpuPercent and guard.memoryPercent is ${lowest} %`,
      fix: `Set it below ${lowest}.`,
    },
  ];
};

const rules: readonly Rule[] = [
  portsDiffer,
  tlsFilesNamed,
  deadlineLeavesTime,
  firstFrameWithinDeadline,
  orderNamesOnce,
  lensNeedsManualFocus,
  liveApartFromState,
  recordingsApartFromLive,
  stopsAboveReduction,
  percentLeavesWayBack,
];

/** All of them. Pure. */
export function contradictionsIn(settings: Settings): Contradiction[] {
  return rules.flatMap((rule) => rule(settings));
}
