import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Draft, DraftErrors } from "./draft.js";

/** What the fields of one profile form share. */
export interface FormState {
  /** Makes the ids of the fields unique on the page. */
  readonly prefix: string;
  readonly draft: Draft;
  readonly errors: DraftErrors;
  readonly change: (part: Partial<Draft>) => void;
}

export const FormContext = createContext<FormState | null>(null);

export function useForm(): FormState {
  const state = useContext(FormContext);
  if (state === null) throw new Error("a field outside a profile form");
  return state;
}
