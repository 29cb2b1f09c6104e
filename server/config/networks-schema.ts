import { z } from "zod";
import { networkOf } from "../lib/networks.js";

const network = z
  .string()
  .refine(
    (text) => networkOf(text) !== null,
    "must be an address or a network, such as 192.168.1.7, 192.168.1.0/24 or fd00::/8",
  );

/** A setting that lists addresses and networks of IPv4 and IPv6. */
export const networksSchema = (description: string) => z.array(network).max(100).default([]).meta({ description });
