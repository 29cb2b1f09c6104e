/** What a key does in the view of recordings. Pure. */
export type RecordingsKeyAction =
  | { readonly kind: "toggle" | "fullScreen" }
  | { readonly kind: "step"; readonly ms: number }
  | { readonly kind: "rate" | "missing"; readonly step: 1 | -1 };

export function recordingsKeyAction(key: string): RecordingsKeyAction | null {
  switch (key.toLowerCase()) {
    case " ":
    case "k":
      return { kind: "toggle" };
    case "f":
      return { kind: "fullScreen" };
    case "j":
      return { kind: "step", ms: -10_000 };
    case "l":
      return { kind: "step", ms: 10_000 };
    case "+":
      return { kind: "rate", step: 1 };
    case "-":
      return { kind: "rate", step: -1 };
    case "n":
      return { kind: "missing", step: 1 };
    case "p":
      return { kind: "missing", step: -1 };
    default:
      return null;
  }
}
