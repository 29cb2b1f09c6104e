/**
 * Who reports which incident. Each message says what happened, what was done, and what a person must do. Nothing is
 * owned here: the listeners go with the parts they listen to.
 */
import type { GapLedger } from "../../guard/ledger/gap-ledger.js";
import type { Incidents, NewIncident } from "../../guard/ledger/incidents.js";
import type { SafetyGuard } from "../../guard/safety-guard.js";
import type { GuardWarning } from "../../guard/warnings.js";
import type { ErrorCode } from "../../lib/errors.js";
import type { Nginx } from "../../ops/nginx.js";
import type { Channel } from "../../stream/channel.js";
import type { EncoderChoice } from "../../stream/encoder-choice.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";
import type { Receipt } from "../../switch/switch-types.js";

/** A camera that is lost, from its loss to the next live picture; switches that did not succeed; stuck cameras. */
export function reportCameras(incidents: Incidents, switcher: CameraSwitcher): void {
  let lost: { readonly code: string; readonly camera: number } | null = null;
  switcher.on("changed", () => {
    const { state } = switcher;
    if (state.kind === "recovering" && lost === null) {
      const { reason, preferred: camera } = state;
      lost = { code: reason.code, camera };
      incidents.begin(lostCamera(reason, camera));
    } else if (lost !== null && (state.kind === "idle" || state.kind === "off")) {
      incidents.end(lost.code, lost.camera);
      lost = null;
    }
  });
  switcher.on("receipt", (receipt) => {
    for (const incident of incidentsOf(receipt)) incidents.note(incident);
  });
}

/**
 * What only the ledger notices: a picture that stands still, from the moment it is found to the next one that moves. What a
 * channel follows is told of by its own ledger.
 */
export function reportFrozen(
  incidents: Incidents,
  ledger: Pick<GapLedger, "on">,
  channel: Pick<Channel, "followed">,
): void {
  let frozen: { readonly camera: number | null } | null = null;
  ledger.on("gap", ({ code, camera, to }) => {
    const isFrozen = code === "cameraFrozen" && to === null;
    // A gap that began so may turn out to be something else, and ends with that.
    if (!isFrozen && frozen !== null) {
      incidents.end("cameraFrozen", frozen.camera);
      frozen = null;
    }
    if (!isFrozen || channel.followed !== null) return;
    frozen ??= { camera };
    const message = "The camera gives the same picture again and again.";
    incidents.begin(lostCamera({ code, message }, frozen.camera));
  });
}

/** How long the service was away, once a picture is there again. Not to be called where its end was told already. */
export function reportOutages(incidents: Incidents, ledger: Pick<GapLedger, "on">): void {
  ledger.on("gap", ({ code, to, ms, message }) => {
    if (to === null || !(code in outageAdvice)) return;
    const long = `There was no picture for ${(ms / 1000).toFixed(1)} s.`;
    incidents.note({
      ...{ kind: "controller", code, severity: "error" },
      message: `${sentence(message)} ${long} ${outageAdvice[code] ?? ""}`,
    });
  });
}

const outageAdvice: Partial<Record<string, string>> = {
  serviceCrashed: "If nobody ended it by force, its last words in the log say why.",
  serviceDown: "If nobody cut its power, check the power supply.",
};

/** Encoders that ended, and media that cannot be written: one incident, for all channels share the folder. */
export function reportChannels(incidents: Incidents, channels: readonly Channel[]): void {
  const unwritable = new Set<Channel>();
  const isWell = (channel: Channel): void => {
    if (unwritable.delete(channel) && unwritable.size === 0) incidents.end("publishFailed");
  };
  for (const channel of channels) {
    channel.on("encoderBroken", (how) => {
      incidents.note(brokenEncoder(how, channel.showing?.camera ?? null));
    });
    channel.publisher.on("error", ({ code, message }) => {
      if (code === "publishFailed") unwritable.add(channel);
      incidents[code === "publishFailed" ? "begin" : "note"](unpublished(code, message));
    });
    channel.publisher.on("part", () => {
      isWell(channel);
    });
    channel.on("changed", () => {
      // One that is turned off lacks nothing.
      if (channel.showing === null) isWell(channel);
    });
  }
}

function unpublished(code: ErrorCode, message: string): NewIncident {
  if (code === "publishFailed") {
    const done = "It is tried again ten times a second. If the folder of live media is full, make room there.";
    return { kind: "storage", code, severity: "error", message: `${sentence(message)} ${done}` };
  }
  const done = "The part was left out. If it comes again, look at the encoder in the log.";
  return { kind: "encoder", code, severity: "warning", message: `${sentence(message)} ${done}` };
}

/** The hardware's encoder failed in use. */
export function reportEncoders(incidents: Incidents, encoders: EncoderChoice): void {
  encoders.on("fellBack", (how) => {
    const what = `The hardware's encoder failed (${how}): until the next start libx264 takes its place.`;
    const message = `${what} If it happens again and again, set stream.encoder to libx264.`;
    incidents.note({ kind: "encoder", code: "encoderFellBack", severity: "warning", message });
  });
}

/** One incident for each stretch on a rung that is not normal, with the figure that led there, and for each warning. */
export function reportGuard(incidents: Incidents, guard: SafetyGuard): void {
  guard.on("changed", ({ reason, view }) => {
    const present = guardCodes[view.rung];
    for (const code of Object.values(guardCodes)) if (code !== null && code !== present) incidents.end(code);
    if (present === null) return;
    const done = "It comes back by itself, step by step. See that the device is cool and has nothing else to do.";
    incidents.begin({
      ...{ kind: "guard", code: present, severity: view.rung === "stopped" ? "error" : "warning" },
      message: `${sentence(reason.message)} ${done}`,
      value: reason.value,
      threshold: reason.threshold,
    });
  });
  // Some stand already: a database that cannot be written shows with its very first write.
  for (const warning of guard.view.warnings) incidents.begin(warned(warning));
  guard.on("warningBegan", (warning) => {
    incidents.begin(warned(warning));
  });
  guard.on("warningEnded", ({ code }) => {
    incidents.end(code);
  });
}

const guardCodes = {
  normal: null,
  single: "guardSingle",
  slower: "guardReduced",
  smaller: "guardSmaller",
  mjpegOff: "guardMjpegOff",
  warmOff: "guardWarmOff",
  stopped: "guardStopped",
} as const;

/** Pages and media reach nobody while NGINX is away. */
export function reportNginx(incidents: Incidents, nginx: Nginx): void {
  const advice = "If it happens again and again, look at NGINX's words in the log.";
  nginx.on("lost", ({ how, code, signal }) => {
    const ended = `NGINX ended by itself (${signal ?? `exit code ${code ?? "unknown"}`})`;
    const what = how === "hung" ? "NGINX answered nobody and was killed" : ended;
    const message = `${what}; it is started again. ${advice}`;
    incidents.begin({ kind: "nginx", code: how === "hung" ? "nginxHung" : "nginxEnded", severity: "error", message });
  });
  nginx.on("answersAgain", () => {
    incidents.end("nginxHung");
    incidents.end("nginxEnded");
  });
}

/** A damaged database was put aside at the start. */
export function reportDatabase(incidents: Incidents, setAside: string | null): void {
  if (setAside === null) return;
  const message = `The database was damaged: a new one begins, with default settings. The old one is kept as ${setAside}.`;
  const advice = "Check the settings, and the memory card: cards fail like this when they wear out.";
  incidents.note({ kind: "storage", code: "databaseDamaged", severity: "error", message: `${message} ${advice}` });
}

/** What a receipt has to tell beside its outcome; one that the stop of the service cut off has nothing. */
export function incidentsOf({ outcome, reason, to, live, steps }: Receipt): NewIncident[] {
  const found: NewIncident[] = [];
  for (const { step, ok, camera, about = camera, note = "" } of steps) {
    if (step !== "stop" || ok) continue;
    const message = sentence(note);
    found.push({ kind: "camera", code: "cameraNeedsReboot", severity: "error", camera: about, message });
  }
  if (outcome === "committed" || reason === null || reason.code === "shuttingDown") return found;
  const done = live === null ? "The cameras are tried in turn until one works." : `Camera ${live} is shown again.`;
  const what = to === null ? "The cameras could not be turned off" : `The switch to camera ${to} did not succeed`;
  const code = outcome === "rolledBack" ? "switchRolledBack" : "switchFailed";
  const message = `${what}: ${sentence(reason.message)} ${done} ${advice(reason.code)}`.trim();
  return [...found, { kind: "camera", code, severity: live === null ? "error" : "warning", camera: to, message }];
}

function lostCamera({ code, message }: { readonly code: string; readonly message: string }, camera: number | null) {
  const done =
    code === "cameraNeedsReboot"
      ? "The other camera is shown, where there is one."
      : "It is started again by itself, or the other camera is shown.";
  return {
    ...{ kind: "camera", code, severity: "error", camera },
    message: `${sentence(message)} ${done} ${advice(code)}`.trim(),
  } as const satisfies NewIncident;
}

function advice(code: string): string {
  switch (code) {
    case "cameraGone":
      return "Check that its ribbon cable sits firmly at both ends.";
    case "cameraBusy":
      return "End the other program that uses it.";
    case "wrongCamera":
      return "It is looked for by itself. If it happens again, check the cables of all cameras.";
    case "cameraNeedsReboot":
      return "Reboot the device.";
    case "cameraFrozen":
    case "cameraStalled":
    case "cameraExited":
    case "cameraStartTimeout":
      return "If it happens again and again, check its cable and the power supply.";
    default:
      return "";
  }
}

function brokenEncoder(how: string, camera: number | null): NewIncident {
  const stalled = how === "stalled";
  const what = stalled ? "The encoder gave no media any more and was ended" : `The encoder ended by itself (${how})`;
  const memory = how.includes("out of memory") ? " See what else uses memory on this device, and end it." : "";
  return {
    ...{ kind: "encoder", severity: "warning", camera },
    code: stalled ? "encoderStalled" : "encoderFailed",
    message: `${what}; a new one took its place.${memory} If it happens again and again, choose a smaller picture.`,
  };
}

const kindOfWarning: Record<GuardWarning["code"], NewIncident["kind"]> = {
  ownCpu: "budget",
  ownMemory: "budget",
  underVoltage: "power",
  throttled: "power",
  liveSpaceLow: "storage",
  diskSpaceLow: "storage",
  stateUnwritable: "storage",
};

const warned = ({ code, message, value, threshold }: GuardWarning): NewIncident => ({
  ...{ kind: kindOfWarning[code], code, severity: "warning", message, value, threshold },
});

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
