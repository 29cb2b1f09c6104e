import type { ComponentChildren } from "preact";
import { text } from "../i18n/text.js";
import type { Draft, FieldName } from "./draft.js";
import { fieldErrorText } from "./field-error.js";
import { useForm } from "./form-state.js";
import { numberFields, type NumberName, type NumberRule } from "./number-fields.js";

type TextName = { [Name in FieldName]: Draft[Name] extends boolean ? never : Name }[FieldName];
type CheckName = Exclude<FieldName, TextName>;

interface FrameProps {
  name: FieldName;
  label: string;
  hint?: string | undefined;
  unit?: string | undefined;
  children: ComponentChildren;
}

/** Label above, unit beside, hint or error below. */
function FieldFrame({ name, label, hint, unit, children }: FrameProps) {
  const { prefix, errors } = useForm();
  const error = errors[name];
  const id = `${prefix}-${name}`;
  return (
    <div class="field" data-wrong={error !== undefined}>
      <label for={id}>{label}</label>
      <div class="field-input">
        {children}
        {unit !== undefined && <span class="unit">{unit}</span>}
      </div>
      <p class={error ? "field-error" : "field-hint"} id={`${id}-note`}>
        {error ? fieldErrorText(text.value, error) : hint}
      </p>
    </div>
  );
}

function useInput(name: FieldName) {
  const { prefix, errors } = useForm();
  const id = `${prefix}-${name}`;
  return { id, name, "aria-invalid": name in errors, "aria-describedby": `${id}-note` };
}

export function NumberField({ name, label, hint }: { name: NumberName; label: string; hint?: string }) {
  const { draft, change } = useForm();
  const t = text.value;
  const rule: NumberRule = numberFields[name];
  const unit = rule.unit === null ? "" : t[rule.unit];
  const range = t.range(rule.min.toLocaleString(), rule.max.toLocaleString(), unit);
  return (
    <FieldFrame name={name} label={label} unit={unit} hint={[range, hint].filter(Boolean).join(". ")}>
      <input
        {...useInput(name)}
        type="number"
        inputMode="decimal"
        min={rule.min}
        max={rule.max}
        step={rule.step}
        value={draft[name]}
        onInput={(event) => {
          change({ [name]: event.currentTarget.value });
        }}
      />
    </FieldFrame>
  );
}

export function TextField(props: { name: "label" | "tuningFile"; label: string; hint: string; maxLength: number }) {
  const { draft, change } = useForm();
  const { name, label, hint, maxLength } = props;
  return (
    <FieldFrame name={name} label={label} hint={hint}>
      <input
        {...useInput(name)}
        type="text"
        autocomplete="off"
        spellcheck={false}
        maxLength={maxLength}
        value={draft[name]}
        onInput={(event) => {
          change({ [name]: event.currentTarget.value });
        }}
      />
    </FieldFrame>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function SelectField(props: { name: TextName; label: string; unit?: string; options: readonly Option[] }) {
  const { draft, change } = useForm();
  const { name, label, unit, options } = props;
  return (
    <FieldFrame name={name} label={label} unit={unit}>
      <select
        {...useInput(name)}
        value={draft[name]}
        onChange={(event) => {
          change({ [name]: event.currentTarget.value });
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

export function CheckField({ name, label }: { name: CheckName; label: string }) {
  const { draft, errors, change } = useForm();
  const error = errors[name];
  const input = useInput(name);
  return (
    <div class="field check" data-wrong={error !== undefined}>
      <label>
        <input
          {...input}
          type="checkbox"
          checked={draft[name]}
          onChange={(event) => {
            change({ [name]: event.currentTarget.checked });
          }}
        />
        <span>{label}</span>
      </label>
      <p class="field-error" id={`${input.id}-note`}>
        {error && fieldErrorText(text.value, error)}
      </p>
    </div>
  );
}
