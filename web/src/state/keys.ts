/** What a key does on the page. */
export type KeyAction =
  | { readonly kind: "camera"; readonly camera: number }
  | { readonly kind: "rotation" | "fullScreen" | "delivery" | "dual" | "snapshot" | "record" | "help" };

export interface KeyFacts {
  readonly key: string;
  /** Ctrl, Alt or Meta: those belong to the browser. */
  readonly modified: boolean;
  /** A key that is held down. */
  readonly repeat: boolean;
  /** The focus is where text is written or a value chosen. */
  readonly typing: boolean;
}

export function keyAction({ key, modified, repeat, typing }: KeyFacts): KeyAction | null {
  if (modified || repeat || typing) return null;
  switch (key.toLowerCase()) {
    case "1":
      return { kind: "camera", camera: 0 };
    case "2":
      return { kind: "camera", camera: 1 };
    case "r":
      return { kind: "rotation" };
    case "f":
      return { kind: "fullScreen" };
    case "d":
      return { kind: "dual" };
    case "i":
      return { kind: "delivery" };
    case "s":
      return { kind: "snapshot" };
    case "v":
      return { kind: "record" };
    case "?":
      return { kind: "help" };
    default:
      return null;
  }
}
