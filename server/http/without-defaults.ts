import { z } from "zod";

type WithoutDefault<T> = T extends z.ZodDefault<infer Inner extends z.ZodType> ? Inner : T;

/**
 * The same object schema with no field filled in. A patch must not carry defaults: zod fills them in even below
 * `.partial()`, and a change of one field would then reset all others.
 */
export function withoutDefaults<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
): z.ZodObject<{ [K in keyof Shape]: WithoutDefault<Shape[K]> }, z.core.$strict> {
  const fields = Object.entries(schema.shape as unknown as Record<string, z.ZodType>).map(([name, field]) => [
    name,
    bare(field),
  ]);
  return z.strictObject(Object.fromEntries(fields) as { [K in keyof Shape]: WithoutDefault<Shape[K]> });
}

/** The field without its default, and with the texts that were attached outside of it. */
function bare(field: z.ZodType): z.ZodType {
  if (!(field instanceof z.ZodDefault)) return field;
  return (field.unwrap() as z.ZodType).meta(field.meta() ?? {});
}

type AllOptional<Shape> = { [K in keyof Shape]: z.ZodExactOptional<Shape[K] & z.core.SomeType> };

/** An object schema all of whose fields may be absent, without defaults: a patch. `undefined` is no value of JSON. */
export function patchOf<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape, z.core.$strict>) {
  const shape = withoutDefaults(schema).shape;
  const fields = Object.entries(shape as unknown as Record<string, z.ZodType>);
  return z.strictObject(
    Object.fromEntries(fields.map(([name, field]) => [name, field.exactOptional()])) as unknown as AllOptional<{
      [K in keyof Shape]: WithoutDefault<Shape[K]>;
    }>,
  );
}
