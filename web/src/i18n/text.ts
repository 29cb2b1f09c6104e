import { computed, effect } from "@preact/signals";
import { language } from "./chosen-language.js";
import type { Dictionary } from "./dictionary.js";
import { en } from "./en.js";
import { enErrors } from "./en-errors.js";
import { enEventTitles } from "./en-events.js";
import { errorText, type ErrorTexts } from "./error-texts.js";
import type { EventTables } from "./event-texts.js";
import { ko } from "./ko.js";
import { koErrors } from "./ko-errors.js";
import { koEventAdvice, koEventTitles } from "./ko-events.js";
import { pickLanguage, type Language } from "./language.js";

const dictionaries: Readonly<Record<Language, Dictionary>> = { en, ko };
const errors: Readonly<Record<Language, ErrorTexts>> = { en: enErrors, ko: koErrors };
const events: Readonly<Record<Language, EventTables>> = {
  en: { titles: enEventTitles, advice: null, errors: enErrors },
  ko: { titles: koEventTitles, advice: koEventAdvice, errors: koErrors },
};
const storageKey = "smart-toggle language";

// Remembered by the browser.
language.value = pickLanguage(remembered(), navigator.languages);

/** The texts in that language. */
export const text = computed<Dictionary>(() => dictionaries[language.value]);

/** What a person should know about a code of the service. */
export function reasonText(code: string, message: string): string {
  return errorText(errors[language.value], code, message);
}

/** The texts for what happened. */
export const eventTables = computed<EventTables>(() => events[language.value]);

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
