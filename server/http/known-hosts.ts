import { networkInterfaces, hostname } from "node:os";
import type { Clock } from "../lib/clock.js";
import { hostOf, namesOfHost } from "../lib/host-name.js";

/** How long the list of our addresses may be old before an unknown name makes us read it again, in milliseconds. */
const rereadMs = 1000;
/** Remembered spellings of the Host header; the port makes each one new, so they must be bounded. */
const spellingsKept = 256;

/** All names this service goes by, in normal form. */
export function ownNames(hosts: readonly string[], name: string, addresses: readonly string[]): Set<string> {
  const bracketed = addresses.map((address) => (address.includes(":") ? `[${address.replace(/%.*$/, "")}]` : address));
  const names = ["localhost", "127.0.0.1", "[::1]", ...namesOfHost(name), ...bracketed, ...hosts];
  return new Set(names.map((each) => hostOf(each)).filter((each) => each !== null));
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}

/**
 * The names under which requests are taken. A page of another site can make its own name point at our address (DNS
 * rebinding) and is then of our origin for the browser; only the name it asked for gives it away. X-Forwarded-Host is
 * not looked at: such a page may set it.
 */
export class KnownHosts {
  readonly #hosts: readonly string[];
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #addresses: () => readonly string[];
  #names = new Set<string>();
  #readAtMs = -Infinity;
  readonly #knownSpellings = new Set<string>();

  /** `hosts` are the further names of the settings. */
  constructor(hosts: readonly string[], clock: Pick<Clock, "monotonicMs">, addresses = ownAddresses) {
    this.#hosts = hosts;
    this.#clock = clock;
    this.#addresses = addresses;
  }

  /** Whether a Host header names this service. Our addresses are read again when an unknown one turns up. */
  knows(header: string | undefined): boolean {
    if (header === undefined) return false;
    if (this.#knownSpellings.has(header)) return true;
    const host = hostOf(header);
    if (host === null || !this.#has(host)) return false;
    if (this.#knownSpellings.size >= spellingsKept) this.#knownSpellings.clear();
    this.#knownSpellings.add(header);
    return true;
  }

  #has(host: string): boolean {
    if (!this.#names.has(host) && this.#clock.monotonicMs() - this.#readAtMs >= rereadMs) this.#read();
    return this.#names.has(host);
  }

  #read(): void {
    this.#readAtMs = this.#clock.monotonicMs();
    this.#names = ownNames(this.#hosts, hostname(), this.#addresses());
    this.#knownSpellings.clear();
  }
}
