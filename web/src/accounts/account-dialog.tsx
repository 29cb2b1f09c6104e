import { Icon } from "../components/icon.js";
import { roleText } from "../i18n/account-text.js";
import { text } from "../i18n/text.js";
import { tell, tellProblem } from "../state/actions.js";
import { session } from "../state/session.js";
import { ActionForm, NewPasswordField, TextField } from "./form.js";
import { changePassword, signOut } from "./session-actions.js";

const dialogId = "account-dialog";

function dialogElement(): HTMLDialogElement | null {
  const dialog = document.getElementById(dialogId);
  return dialog instanceof HTMLDialogElement ? dialog : null;
}

/** In the header: who is signed in. */
export function AccountButton() {
  const name = session.value?.name ?? null;
  if (name === null) return null;
  return (
    <button
      type="button"
      class="button account-button"
      title={text.value.account}
      data-testid="account"
      onClick={() => dialogElement()?.showModal()}
    >
      <Icon name="person" />
      <span class="account-name">{name}</span>
    </button>
  );
}

/** One's own account: the role, another password, signing out. */
export function AccountDialog() {
  const t = text.value;
  const view = session.value;
  if (view === null || view.name === null || view.role === null) return null;
  const leave = async () => {
    try {
      await signOut();
    } catch (thrown) {
      dialogElement()?.close();
      tellProblem(thrown);
    }
  };
  return (
    <dialog id={dialogId} class="dialog" aria-labelledby="account-title">
      <form method="dialog" class="dialog-top">
        <h2 id="account-title">{view.name}</h2>
        <button class="button icon-button" aria-label={t.close} title={t.close}>
          <Icon name="close" />
        </button>
      </form>
      <p class="hint">{roleText(t, view.role)}</p>
      <ActionForm
        id="password"
        action={t.changePassword}
        clears
        onSubmit={async ({ former = "", password = "" }) => {
          await changePassword(former, password);
          dialogElement()?.close();
          tell({ kind: "passwordChanged" });
        }}
      >
        <TextField
          id="password-former"
          name="former"
          label={t.passwordFormer}
          type="password"
          autocomplete="current-password"
        />
        <NewPasswordField id="password-new" label={t.passwordNew} />
      </ActionForm>
      <div class="form-end">
        <button type="button" class="button" data-testid="sign-out" onClick={() => void leave()}>
          {t.signOut}
        </button>
      </div>
    </dialog>
  );
}
