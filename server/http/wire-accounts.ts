/** What goes over the wire about accounts, sessions and keys. A part of wire.ts. */
import { z } from "zod";
import { auditActions } from "../accounts/audit-actions.js";
import { roles } from "../accounts/role.js";

export type { Role } from "../accounts/role.js";

const epochMs = z.number().meta({ description: "Milliseconds since the Unix epoch" });
const role = z.enum(roles).meta({ description: "A viewer watches, an operator steers, an administrator decides" });

/** Letters and digits of any script; nothing that a log line, a header or a page could take for its own. */
const name = z
  .string()
  .trim()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._@-]{0,39}$/u,
    "must be 1 to 40 letters or digits; within also space and . _ @ -",
  )
  .meta({ description: "Name; capital and small letters are the same" });
const password = z.string().min(10).max(200).meta({ description: "At least 10 characters" });
/** As somebody typed it: a wrong one is answered as wrong, whatever its form. */
const typed = z.string().min(1).max(200);

export const authModes = ["off", "accounts"] as const;

/** Who asks, as the service sees it. */
export const sessionSchema = z.object({
  auth: z.enum(authModes).meta({ description: "off: whoever reaches the service may do everything" }),
  needsSetUp: z
    .boolean()
    .meta({ description: "No administrator exists yet; the service's log says the link to make one" }),
  /** What may be done; null: not signed in. */
  role: role.nullable(),
  name: z.string().nullable(),
  expiresAt: epochMs.nullable(),
});
export type SessionView = z.infer<typeof sessionSchema>;

export const signedInSchema = sessionSchema.extend({
  token: z.string().exactOptional().meta({ description: "For `Authorization: Bearer`, where it was asked for" }),
});
export type SignedInView = z.infer<typeof signedInSchema>;

export const signInSchema = z.strictObject({
  name: typed.trim(),
  password: typed,
  token: z.boolean().default(false).meta({ description: "true: answer a token for a program, and set no cookie" }),
});

export const setUpSchema = z.strictObject({ token: typed, name, password });

export const passwordChangeSchema = z.strictObject({ former: typed, password });

export const accountSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  role,
  enabled: z.boolean(),
  createdAt: epochMs,
});
export type AccountView = z.infer<typeof accountSchema>;
export const accountsSchema = z.object({ accounts: z.array(accountSchema) });
export type AccountsView = z.infer<typeof accountsSchema>;
export const newAccountSchema = z.strictObject({ name, password, role });
export const accountPatchSchema = z
  .strictObject({
    role: role.exactOptional(),
    password: password.exactOptional(),
    enabled: z.boolean().exactOptional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, "must name at least one field");

export const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  role,
  createdAt: epochMs,
  expiresAt: epochMs.nullable().meta({ description: "Null: never" }),
  madeBy: z.string(),
});
export type KeyView = z.infer<typeof keySchema>;
export const keysSchema = z.object({ keys: z.array(keySchema) });
export type KeysView = z.infer<typeof keysSchema>;
export const newKeySchema = z.strictObject({
  name,
  role,
  days: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .nullable()
    .default(365)
    .meta({ description: "Until it expires; null: never" }),
});
export const madeKeySchema = z.object({
  key: keySchema,
  secret: z.string().meta({ description: "For `Authorization: Bearer`; told here and never again" }),
});
export type MadeKey = z.infer<typeof madeKeySchema>;

export const removedSchema = z.object({ removed: z.literal(true) });

export const auditEntrySchema = z.object({
  id: z.number().int(),
  at: epochMs,
  who: z.string().nullable(),
  action: z.enum(auditActions),
  subject: z.string().nullable(),
  address: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;
/** Newest first; `next` is the `before` of the following page, null on the last. */
export const auditPageSchema = z.object({ entries: z.array(auditEntrySchema), next: z.number().int().nullable() });
export type AuditPage = z.infer<typeof auditPageSchema>;
