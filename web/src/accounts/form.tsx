import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { reasonText, text } from "../i18n/text.js";
import { ApiError } from "../state/api.js";
import { leastPassword } from "./password-rule.js";

export interface ActionFormProps {
  readonly id: string;
  /** On the button. */
  readonly action: string;
  /** Gets the fields by their names; what it throws is told below them. */
  readonly onSubmit: (fields: Readonly<Record<string, string>>) => Promise<void>;
  /** Empties the fields after a success. */
  readonly clears?: boolean;
  readonly children: ComponentChildren;
}

/** A small form with one button: says what was wrong, and takes no second press while the first is under way. */
export function ActionForm({ id, action, onSubmit, clears = false, children }: ActionFormProps) {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const submit = async (form: HTMLFormElement) => {
    busy.value = true;
    problem.value = null;
    try {
      const entries = [...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : ""]);
      await onSubmit(Object.fromEntries(entries) as Record<string, string>);
      if (clears) form.reset();
    } catch (thrown) {
      problem.value = problemText(thrown);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="action-form"
      data-testid={id}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy.value) void submit(event.currentTarget);
      }}
    >
      {children}
      <p class="field-error" role="alert" data-testid={`${id}-problem`}>
        {problem.value}
      </p>
      <button class="button strong" aria-busy={busy.value} data-testid={`${id}-submit`}>
        {action}
      </button>
    </form>
  );
}

function problemText(thrown: unknown): string {
  if (!(thrown instanceof ApiError)) return reasonText("internal", String(thrown));
  // A name or password of the wrong form: the service's own words say what it must be.
  const [field] = thrown.fields;
  return field === undefined
    ? reasonText(thrown.code, thrown.message)
    : text.value.fieldRefused(field.field, field.message);
}

export interface TextFieldProps {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: "text" | "password";
  readonly autocomplete: string;
  readonly minLength?: number;
}

export function TextField({ id, name, label, hint, type = "text", autocomplete, minLength }: TextFieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-input">
        <input
          id={id}
          name={name}
          {...(type === "password" ? { type } : {})}
          required
          maxLength={type === "password" ? 200 : 40}
          minLength={minLength}
          autocomplete={autocomplete}
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          data-testid={id}
        />
      </div>
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A password that is chosen here, with the rule it must meet. */
export function NewPasswordField({ id, label }: Pick<TextFieldProps, "id" | "label">) {
  return (
    <TextField
      id={id}
      name="password"
      label={label}
      hint={text.value.passwordHint}
      type="password"
      autocomplete="new-password"
      minLength={leastPassword}
    />
  );
}
