import { computed, effect, signal } from "@preact/signals";
import type { Dictionary } from "./dictionary.js";
import { en } from "./en.js";
import { enErrors } from "./en-errors.js";
import { enEvents } from "./en-events.js";
import { errorText, type ErrorTexts } from "./error-texts.js";
import { eventText, type EventTexts } from "./event-texts.js";
import { ko } from "./ko.js";
import { koErrors } from "./ko-errors.js";
import { koEvents } from "./ko-events.js";
import { pickLanguage, type Language } from "./language.js";

const dictionaries: Readonly<Record<Language, Dictionary>> = { en, ko };
const errors: Readonly<Record<Language, ErrorTexts>> = { en: enErrors, ko: koErrors };
const events: Readonly<Record<Language, EventTexts>> = { en: enEvents, ko: koEvents };
const storageKey = "smart-toggle language";

/** The language of the page; remembered by the browser. */
export const language = signal<Language>(pickLanguage(remembered(), navigator.languages));

/** The texts in that language. */
export const text = computed<Dictionary>(() => dictionaries[language.value]);

/** What a person should know about a code of the service. */
export function reasonText(code: string, message: string): string {
  return errorText(errors[language.value], code, message);
}

/** What happened, by the code of an incident or a gap; null for one that this page does not know. */
export function knownEventText(code: string): string | null {
  return eventText(events[language.value], code);
}

effect(() => {
  document.documentElement.lang = language.value;
});

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  try {
    localStorage.setItem(storageKey, chosen);
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
