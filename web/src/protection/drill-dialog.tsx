import { useSignal } from "@preact/signals";
import type { DrillName } from "../../../server/http/wire-protection.js";
import { Icon } from "../components/icon.js";
import { drillHintText, drillNameText, drillRefusalText } from "../i18n/drill-text.js";
import { text } from "../i18n/text.js";
import { possibleDrills } from "../state/drills.js";
import { startDrills } from "../state/protection-actions.js";
import { drillsRefused } from "../state/protection-store.js";
import { status } from "../state/store.js";

const dialogId = "drill-dialog";

export function openDrills(): void {
  const dialog = document.getElementById(dialogId);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** Says what will happen, lets choose what of it, and begins. */
export function DrillDialog() {
  const t = text.value;
  const left = useSignal<readonly DrillName[]>([]);
  const possible = possibleDrills(status.value?.cameras.length ?? 0);
  const chosen = possible.filter((name) => !left.value.includes(name));
  const refusal = drillsRefused.value;
  return (
    <dialog id={dialogId} class="dialog drill-dialog" aria-labelledby="drill-dialog-title" data-testid="drill-dialog">
      <form
        method="dialog"
        onSubmit={(event) => {
          if (event.submitter?.dataset["begin"] === "true") void startDrills(chosen);
        }}
      >
        <div class="dialog-top">
          <h2 id="drill-dialog-title">{t.drills}</h2>
          <button class="button icon-button" aria-label={t.close} title={t.close}>
            <Icon name="close" />
          </button>
        </div>
        <p>{t.drillsExplain}</p>
        <fieldset class="drill-choice">
          <legend>{t.drillsChoice}</legend>
          {possible.map((name) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                data-testid={`drill-${name}`}
                onChange={(event) => {
                  const others = left.value.filter((one) => one !== name);
                  left.value = event.currentTarget.checked ? others : [...others, name];
                }}
              />
              <span>
                {drillNameText(t, name)}
                <small>{drillHintText(t, name)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        {refusal !== null && <p class="dialog-refusal">{drillRefusalText(t, refusal)}</p>}
        <div class="form-end">
          <button class="button" data-testid="drill-cancel">
            {t.cancel}
          </button>
          <button
            class="button strong"
            data-begin="true"
            data-testid="drill-begin"
            disabled={chosen.length === 0 || refusal !== null}
          >
            {t.drillsBegin}
          </button>
        </div>
      </form>
    </dialog>
  );
}
