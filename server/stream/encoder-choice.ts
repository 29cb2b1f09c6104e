/**
 * Which of ffmpeg's encoders is used, chosen once at the start. `auto` takes the hardware's only where it really encodes a
 * second; a hardware encoder that fails in use is not taken again until the next start. It owns nothing.
 */
import { EventEmitter } from "node:events";
import { readdir } from "node:fs/promises";
import type { Settings } from "../config/schema.js";
import type { Log } from "../lib/log.js";
import type { EncodedProfile } from "./encoded-profile.js";
import { probeEncoder } from "./encoder-probe.js";
import { hardwareEncoder, softwareEncoder, type VideoEncoder } from "./video-encoder.js";

export interface EncoderChoiceOptions {
  readonly setting: Settings["stream"]["encoder"];
  readonly ffmpegProgram: string;
  /** What is tried. */
  readonly profile: EncodedProfile;
  /** Where the device files are. Default: /dev. */
  readonly devices?: string;
  readonly log: Log;
}

export interface Chosen {
  readonly taken: VideoEncoder;
  readonly why: string;
}

/** Tries what has to be tried; at the most 4 s, and nothing where no video device is. Never rejects. */
export async function chooseEncoder(options: Omit<EncoderChoiceOptions, "log">): Promise<Chosen> {
  const { setting, ffmpegProgram, profile, devices = "/dev" } = options;
  if (setting !== "auto") return { taken: setting, why: "the settings say so" };
  const names = await readdir(devices).catch(() => []);
  if (!names.some((name) => /^video\d+$/.test(name))) {
    return { taken: softwareEncoder, why: "this machine has no video device" };
  }
  const { works, said } = await probeEncoder({ videoEncoder: hardwareEncoder, profile, ffmpegProgram });
  return { taken: works ? hardwareEncoder : softwareEncoder, why: `${hardwareEncoder}: ${said}` };
}

export class EncoderChoice extends EventEmitter<{ fellBack: [how: string] }> {
  readonly #log: Log;
  #chosen: Chosen;

  static async make({ log, ...options }: EncoderChoiceOptions): Promise<EncoderChoice> {
    const chosen = await chooseEncoder(options);
    log.info(`encoder: ${chosen.taken}`, { why: chosen.why });
    return new EncoderChoice(chosen, log);
  }

  constructor(chosen: Chosen, log: Log) {
    super();
    this.#chosen = chosen;
    this.#log = log;
  }

  get taken(): VideoEncoder {
    return this.#chosen.taken;
  }

  get why(): string {
    return this.#chosen.why;
  }

  /** To be told of each encoder that ended by itself: the next one is of software. */
  failed(encoder: VideoEncoder, how: string): void {
    if (encoder !== hardwareEncoder || this.taken === softwareEncoder) return;
    this.#chosen = { taken: softwareEncoder, why: `${hardwareEncoder} failed (${how})` };
    this.#log.warn(`the hardware's encoder failed: ${softwareEncoder} takes its place until the next start`, { how });
    this.emit("fellBack", how);
  }
}
