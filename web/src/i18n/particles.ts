/** Korean particles, whose form depends on how the word before them ends. Pure. */

/** Each pair with what stands where nobody can tell how the word is read. */
const particles = {
  "을/를": ["을", "를", "을(를)"],
  "은/는": ["은", "는", "은(는)"],
  "으로/로": ["으로", "로", "(으)로"],
} as const;

type Ending = "vowel" | "rieul" | "consonant";

/** As digits are read: 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구. */
const digitEndings: readonly Ending[] = [
  ...(["consonant", "rieul", "vowel", "consonant", "vowel"] as const),
  ...(["vowel", "consonant", "rieul", "rieul", "vowel"] as const),
];

const [firstSyllable, lastSyllable] = [0xac00, 0xd7a3];
/** Syllables are ordered by their final: none, …, ㄹ as the eighth, … */
const [finals, rieul] = [28, 8];

/** Null: not a Korean syllable, nor a digit. */
function endingOf(word: string): Ending | null {
  const last = word.at(-1) ?? "";
  if (/^[0-9]$/.test(last)) return digitEndings[Number(last)] ?? null;
  const code = last.charCodeAt(0);
  if (!(code >= firstSyllable && code <= lastSyllable)) return null;
  const final = (code - firstSyllable) % finals;
  return final === 0 ? "vowel" : final === rieul ? "rieul" : "consonant";
}

/** The word with its particle: “카메라 0으로”, “현관을”, “Door(으)로”. */
export function withParticle(word: string, pair: keyof typeof particles): string {
  const [closed, open, both] = particles[pair];
  const ending = endingOf(word);
  if (ending === null) return word + both;
  const isOpen = ending === "vowel" || (ending === "rieul" && pair === "으로/로");
  return word + (isOpen ? open : closed);
}
