/** The kinds of settings there are many of, each with its unit. */
import { z } from "zod";

export const milliseconds = (fallback: number, min: number, max: number, description: string) =>
  z.number().int().min(min).max(max).default(fallback).meta({ description, unit: "ms" });
export const port = (fallback: number, description: string) =>
  z.number().int().min(1).max(65_535).default(fallback).meta({ description });
export const program = (fallback: string, description: string) =>
  z
    .string()
    .min(1)
    .default(fallback)
    .meta({ description: `${description}: a name on the PATH or an absolute path` });
export const percent = (fallback: number, description: string) =>
  z.number().min(1).max(100).default(fallback).meta({ description, unit: "percent" });
export const celsius = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description, unit: "°C" });
export const seconds = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description, unit: "s" });
