import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CameraView, Profile } from "../../../server/http/wire.js";
import { text } from "../i18n/text.js";
import { noteReceipt, tell, tellProblem } from "../state/actions.js";
import { ApiError, patchProfile } from "../state/api.js";
import { fieldNamed, patchBetween, readDraft, toDraft, type Draft, type DraftErrors } from "./draft.js";
import { FieldGroups } from "./field-groups.js";
import { FormContext } from "./form-state.js";

/** The form of one camera's profile. What a person typed stays until it is saved or undone. */
export function ProfileForm({ camera }: { camera: CameraView }) {
  const t = text.value;
  const saved = useSavedDraft(camera.profile);
  const draft = useSignal<Draft>(saved);
  const errors = useSignal<DraftErrors>({});
  const saving = useSignal(false);
  const dirty = JSON.stringify(draft.value) !== JSON.stringify(saved);
  useFollowing(saved, draft);

  const save = async () => {
    const reading = readDraft(draft.value);
    errors.value = reading.kind === "errors" ? reading.errors : {};
    if (reading.kind === "errors") return;
    saving.value = true;
    errors.value = await saveProfile(camera, reading.profile);
    saving.value = false;
  };

  return (
    <FormContext.Provider
      value={{
        prefix: `profile-${camera.number}`,
        draft: draft.value,
        errors: errors.value,
        change: (part) => {
          draft.value = { ...draft.value, ...part };
          errors.value = without(errors.value, Object.keys(part));
        },
      }}
    >
      <form
        class="profile"
        noValidate
        data-testid={`profile-${camera.number}`}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <FieldGroups />
        <div class="form-end">
          <p class="form-hint">{t.restartHint}</p>
          <button
            type="button"
            class="button"
            disabled={!dirty || saving.value}
            onClick={() => {
              draft.value = saved;
              errors.value = {};
            }}
          >
            {t.undo}
          </button>
          <button type="submit" class="button strong" disabled={!dirty || saving.value}>
            {saving.value ? t.saving : t.save}
          </button>
        </div>
      </form>
    </FormContext.Provider>
  );
}

/** Saves what changed; what the service finds wrong comes back by field. */
async function saveProfile(camera: CameraView, profile: Profile): Promise<DraftErrors> {
  try {
    const { receipt } = await patchProfile(camera.number, patchBetween(camera.profile, profile));
    if (receipt) noteReceipt(receipt);
    if (receipt === null || receipt.outcome === "committed") {
      tell({ kind: "profileSaved", camera: camera.number, restarted: receipt !== null });
    }
    return {};
  } catch (thrown) {
    tellProblem(thrown);
    return thrown instanceof ApiError ? errorsOf(thrown) : {};
  }
}

function errorsOf(error: ApiError): DraftErrors {
  const errors: DraftErrors = {};
  for (const { field, message } of error.fields) {
    const name = fieldNamed(field);
    if (name !== null) errors[name] = { kind: "service", message };
  }
  return errors;
}

function without(errors: DraftErrors, names: readonly string[]): DraftErrors {
  return Object.fromEntries(Object.entries(errors).filter(([name]) => !names.includes(name)));
}

/** The same object as long as the profile stays the same, whatever the heartbeat brings. */
function useSavedDraft(profile: Profile): Draft {
  const fresh = toDraft(profile);
  const held = useSignal(fresh);
  if (JSON.stringify(held.peek()) !== JSON.stringify(fresh)) held.value = fresh;
  return held.value;
}

/** A form that nobody touched follows changes made elsewhere. */
function useFollowing(saved: Draft, draft: { value: Draft }): void {
  const followed = useSignal(saved);
  useEffect(() => {
    const untouched = JSON.stringify(draft.value) === JSON.stringify(followed.peek());
    if (untouched) draft.value = saved;
    followed.value = saved;
  }, [saved, draft, followed]);
}
