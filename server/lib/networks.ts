import { BlockList, isIP } from "node:net";

/** A network as it is looked up: an address of one family, and how many of its first bits count. */
export interface Network {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  readonly prefix: number;
}

/** The machine itself: the controller's own look at what players get, and commands, come from there. */
export const loopback: readonly string[] = ["127.0.0.1", "::1"];

/**
 * An address in the one way that we write it: without a zone, IPv6 shortened, and IPv4 as such where it comes in IPv6's
 * clothes (`::ffff:10.0.0.7`). Null when it is none.
 */
export function plainAddress(text: string): string | null {
  const bare = text.replace(/%.*$/, "");
  if (isIP(bare) === 0) return null;
  if (isIP(bare) === 4) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short)?.slice(1);
  return mapped?.flatMap((group) => bytesOf(parseInt(group, 16))).join(".") ?? short;
}

const bytesOf = (group: number): number[] => [group >> 8, group & 0xff];

/** What people write: an address (`192.168.1.7`, `fe80::1`), or one with a prefix (`192.168.1.0/24`). Null when it is neither. */
export function networkOf(text: string): Network | null {
  const [, written = "", bits] = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const address = plainAddress(written);
  if (address === null) return null;
  const isIPv4 = isIP(address) === 4;
  const most = isIPv4 ? 32 : 128;
  const notCounted = isIPv4 && written.includes(":") ? 96 : 0;
  const prefix = bits === undefined ? most : Number(bits) - notCounted;
  return prefix < 0 || prefix > most ? null : { family: isIPv4 ? "ipv4" : "ipv6", address, prefix };
}

/** As NGINX takes it. */
export const networkText = ({ address, prefix }: Network): string => `${address}/${prefix}`;

/** Tells whether an address belongs to one of some networks. */
export class Networks {
  /** One for each family: a list that knows both takes an address of IPv4 for one of `::/0`, which NGINX does not. */
  readonly #lists = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** What is no network is left out: the settings let none pass. */
  constructor(networks: readonly string[]) {
    for (const network of networks.map(networkOf)) {
      if (network !== null) this.#lists[network.family].addSubnet(network.address, network.prefix, network.family);
    }
  }

  has(address: string): boolean {
    const plain = plainAddress(address);
    if (plain === null) return false;
    const family = isIP(plain) === 4 ? "ipv4" : "ipv6";
    return this.#lists[family].check(plain, family);
  }
}
