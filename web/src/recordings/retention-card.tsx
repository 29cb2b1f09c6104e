import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Dictionary } from "../i18n/dictionary.js";
import { text } from "../i18n/text.js";
import { fieldErrorText, type FieldError } from "../profile/field-error.js";
import { tellProblem } from "../state/actions.js";
import { ApiError } from "../state/api.js";
import { loadKeeping, saveRetention } from "./recordings-actions.js";
import { keeping } from "./recordings-store.js";
import {
  isStricter,
  readRetention,
  retentionDraft,
  retentionFields,
  retentionNames,
  type RetentionDraft,
  type RetentionErrors,
  type RetentionLimits,
  type RetentionName,
} from "./retention-draft.js";

/** What is deleted by itself, and when. */
export function RetentionCard() {
  const t = text.value;
  useEffect(() => void loadKeeping(), []);
  const saved = keeping.value;
  return (
    <section class="card" aria-labelledby="retention-title" data-testid="retention">
      <h2 id="retention-title">{t.retention}</h2>
      <p class="hint">{t.retentionHint}</p>
      {saved === null ? <p class="empty">{t.loading}</p> : <RetentionForm saved={saved} />}
    </section>
  );
}

function RetentionForm({ saved }: { saved: RetentionLimits }) {
  const t = text.value;
  const draft = useSignal<RetentionDraft>(retentionDraft(saved));
  const errors = useSignal<RetentionErrors>({});
  const saving = useSignal(false);
  const reading = readRetention(draft.value);
  const isChanged = JSON.stringify(draft.value) !== JSON.stringify(retentionDraft(saved));
  const save = async (): Promise<void> => {
    errors.value = reading.kind === "errors" ? reading.errors : {};
    if (reading.kind === "errors") return;
    saving.value = true;
    errors.value = await refusedFields(reading.limits);
    saving.value = false;
  };
  return (
    <form
      class="retention"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {retentionNames.map((name) => (
        <LimitField
          key={name}
          name={name}
          typed={draft.value[name]}
          error={errors.value[name]}
          onType={(typed) => {
            draft.value = { ...draft.value, [name]: typed };
            errors.value = { ...errors.value, [name]: undefined };
          }}
        />
      ))}
      {isChanged && reading.kind === "limits" && isStricter(reading.limits, saved) && (
        <p class="retention-stricter" role="status" data-testid="retention-stricter">
          {t.retentionStricter}
        </p>
      )}
      <div class="form-end">
        <button
          type="button"
          class="button"
          disabled={!isChanged || saving.value}
          onClick={() => {
            draft.value = retentionDraft(saved);
            errors.value = {};
          }}
        >
          {t.undo}
        </button>
        <button class="button strong" disabled={!isChanged || saving.value} data-testid="retention-save">
          {saving.value ? t.saving : t.save}
        </button>
      </div>
    </form>
  );
}

interface LimitFieldProps {
  readonly name: RetentionName;
  readonly typed: string;
  readonly error: FieldError | undefined;
  readonly onType: (typed: string) => void;
}

function LimitField({ name, typed, error, onType }: LimitFieldProps) {
  const t = text.value;
  const { label, hint } = wordsOf(t, name);
  const { min, max, step, unit } = retentionFields[name];
  const id = `retention-${name}`;
  return (
    <div class="limit" data-wrong={error !== undefined}>
      <label for={id}>{label}</label>
      <span class="limit-input">
        <input
          id={id}
          type="number"
          inputMode="decimal"
          {...{ min, max, step }}
          value={typed}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-note`}
          data-testid={id}
          onInput={(event) => {
            onType(event.currentTarget.value);
          }}
        />
        <span class="unit">{t[unit]}</span>
      </span>
      <p class={error === undefined ? "limit-hint" : "field-wrong"} id={`${id}-note`}>
        {error === undefined ? hint : fieldErrorText(t, error)}
      </p>
    </div>
  );
}

function wordsOf(t: Dictionary, name: RetentionName): { readonly label: string; readonly hint: string } {
  switch (name) {
    case "keepDays":
      return { label: t.retentionAge, hint: t.retentionAgeHint };
    case "maxGb":
      return { label: t.retentionBytes, hint: t.retentionBytesHint };
    case "minFreeHours":
      return { label: t.retentionHours, hint: t.retentionHoursHint };
    case "minFreeMb":
      return { label: t.retentionFree, hint: t.retentionFreeHint };
  }
}

/** Saves; what the service finds wrong comes back by field. */
async function refusedFields(limits: RetentionLimits): Promise<RetentionErrors> {
  try {
    await saveRetention(limits);
    return {};
  } catch (thrown) {
    tellProblem(thrown);
    if (!(thrown instanceof ApiError)) return {};
    return Object.fromEntries(
      thrown.fields.map(({ field, message }) => [field.split(".").at(-1) ?? "", { kind: "service", message }]),
    );
  }
}
