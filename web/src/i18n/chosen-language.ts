import { signal } from "@preact/signals";
import type { Language } from "./language.js";

/** The language of the page. `text.ts` sets it at the start, and whenever somebody chooses another one. */
export const language = signal<Language>("en");
