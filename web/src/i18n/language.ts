/** The languages of the page. */
export const languages = ["en", "ko"] as const;
export type Language = (typeof languages)[number];

const isLanguage = (value: string | null): value is Language => languages.some((language) => language === value);

/** What was chosen on this page before, else the first of the browser's languages that the page has, else English. */
export function pickLanguage(remembered: string | null, wanted: readonly string[]): Language {
  if (isLanguage(remembered)) return remembered;
  const bases = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return bases.find(isLanguage) ?? "en";
}
