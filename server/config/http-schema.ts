/** Settings of how it is reached: the controller, NGINX, TLS, and who is let in. */
import { z } from "zod";
import { basePathSchema } from "./base-path.js";
import { networksSchema } from "./networks-schema.js";
import { port, program } from "./setting-kinds.js";

export const httpSchema = z.strictObject({
  port: port(8002, "Port of the controller, on loopback only; NGINX stands before it"),
  hosts: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: "Further names this service is reached by, beside its own name and addresses" }),
  basePath: basePathSchema,
  trustedProxies: networksSchema(
    "Proxies in front of NGINX whose X-Forwarded-For, -Proto and -Host are believed; no others'",
  ),
});

/** What is settled while the service runs, too. */
export const allowSchema = z.strictObject({
  allow: networksSchema("Addresses and networks that are let in, beside the machine itself; empty: all").meta({
    runtime: true,
  }),
});

export const accessSchema = z.strictObject({
  auth: z.enum(["off", "accounts"]).default("off").meta({
    description: "accounts: everybody signs in; off: whoever reaches the page may do everything, and it says so",
  }),
  sessionHours: z
    .number()
    .int()
    .min(1)
    .max(8760)
    .default(720)
    .meta({ description: "How long somebody stays signed in", unit: "h" }),
  ...allowSchema.shape,
});

export const nginxSchema = z.strictObject({
  managed: z.boolean().default(true).meta({
    description: "Run NGINX as a child; false: a system NGINX uses the output of `smart-toggle nginx-config`",
  }),
  port: port(8001, "Public port"),
  address: z.string().min(1).default("*").meta({ description: "Public address to listen on; *: all" }),
  verifyPort: port(8003, "Loopback port through which the controller itself reads the public playlist"),
  program: program("nginx", "NGINX"),
});

const file = (description: string) => z.string().min(1).nullable().default(null).meta({ description });

export const tlsSchema = z.strictObject({
  mode: z.enum(["off", "self-made", "files"]).default("off").meta({
    description: "self-made: a certificate for this machine's names and addresses; files: those named below",
  }),
  port: port(8443, "Public port with TLS; nginx.port then only sends browsers there"),
  certificateFile: file("PEM file of the certificate with its chain, for mode files"),
  keyFile: file("PEM file of its key, readable by the service alone, for mode files"),
});
