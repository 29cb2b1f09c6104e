import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Auth } from "../accounts/auth.js";
import { verifyGeneration, type Expectation, type PublicReader, type Verification } from "../hls/verify.js";
import { systemClock as clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Channel } from "../stream/channel.js";

export interface VerifierOptions {
  readonly channel: Channel;
  /** The channel's public folder on tmpfs. */
  readonly directory: string;
  /** Loopback port on which NGINX serves the same to the controller; null: there is no NGINX of ours. */
  readonly verifyPort: number | null;
  readonly auth: Auth;
}

/** NGINX answers in a few milliseconds; what it says is only noted, so a switch does not wait longer for it. */
const publicMs = 250;

/**
 * The proof that ends a switch: the files on tmpfs must show the generation (rejects `verifyFailed`); what NGINX
 * answers is a note.
 */
export function verifierFor(options: VerifierOptions): (generation: number) => Promise<string | undefined> {
  const { channel, directory, verifyPort, auth } = options;
  const files: PublicReader = {
    readText: () => readFile(join(directory, "live.m3u8"), "utf8"),
    readMedia: (uri) => readFile(join(directory, uri)),
  };
  return async (generation) => {
    const expected = expectationOf(channel, generation);
    const found = await verifyGeneration(expected, files, clock);
    if (!found.ok) throw new AppError("verifyFailed", found.problem);
    if (verifyPort === null) return undefined;
    const seen = await verifyGeneration(expected, await readerThrough(verifyPort, channel.name, auth), clock);
    return `through NGINX: ${describe(seen)}`;
  };
}

function expectationOf(channel: Channel, generation: number): Expectation {
  const { showing } = channel;
  if (showing === null || channel.generationNumber !== generation) {
    throw new AppError("verifyFailed", `Generation ${generation} is not the live one.`);
  }
  const { camera, profile } = showing;
  return { generation, camera, width: profile.width, height: profile.height };
}

function describe(verification: Verification): string {
  return verification.ok ? `seen after ${verification.ms.toFixed(1)} ms` : verification.problem;
}

/** NGINX asks this listener too who it is: that is part of what players get. */
async function readerThrough(port: number, channel: string, auth: Auth): Promise<PublicReader> {
  const token = auth.kind === "accounts" ? await auth.accounts.ownToken() : null;
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const limit = AbortSignal.timeout(publicMs);
  const read = async (name: string): Promise<Response> => {
    const response = await fetch(`http://127.0.0.1:${port}/hls/${channel}/${name}`, { headers, signal: limit });
    if (!response.ok) throw new Error(`${name}: status ${response.status}`);
    return response;
  };
  return {
    readText: async () => (await read("live.m3u8")).text(),
    readMedia: async (uri) => Buffer.from(await (await read(uri)).arrayBuffer()),
  };
}
