import { useSignal } from "@preact/signals";
import { Icon } from "../components/icon.js";
import { roleText } from "../i18n/account-text.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import { change, keys, loadAccounts } from "./accounts-store.js";
import { deleteKey, postKey } from "./api.js";
import { ActionForm, TextField } from "./form.js";
import { asRole, RoleField } from "./role-field.js";

const lifetimes = [30, 365, null] as const;
const usualDays = 365;

/** Keys of programs. The secret of a new one is seen here, once. */
export function KeysPart() {
  const t = text.value;
  const secret = useSignal<string | null>(null);
  return (
    <section aria-labelledby="api-keys-title">
      <h3 id="api-keys-title">{t.apiKeys}</h3>
      <p class="hint">{t.apiKeysDetail}</p>
      <ul class="account-list" data-testid="api-keys">
        {keys.value.map(({ id, name, role, expiresAt }) => (
          <li key={id} class="account account-line">
            <strong>{name}</strong>
            <span>{roleText(t, role)}</span>
            <small>
              {expiresAt === null ? t.keyForever : t.keyUntil(new Date(expiresAt).toLocaleDateString(language.value))}
            </small>
            <button
              type="button"
              class="button icon-button"
              aria-label={t.removeNamed(name)}
              title={t.removeNamed(name)}
              onClick={() => {
                if (confirm(t.removeAsk(name))) void change(() => deleteKey(id));
              }}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
      {secret.value !== null && (
        <p class="secret" role="status">
          {t.keySecret}
          <code data-testid="key-secret">{secret.value}</code>
        </p>
      )}
      <ActionForm
        id="new-key"
        action={t.addKey}
        clears
        onSubmit={async ({ name = "", role = "", days = "" }) => {
          const made = await postKey({ name, role: asRole(role), days: days === "" ? null : Number(days) });
          secret.value = made.secret;
          await loadAccounts();
        }}
      >
        <TextField id="new-key-name" name="name" label={t.keyName} autocomplete="off" />
        <RoleField id="new-key-role" />
        <div class="field">
          <label for="new-key-days">{t.keyLifetime}</label>
          <select id="new-key-days" name="days">
            {lifetimes.map((days) => (
              <option
                key={days}
                value={days ?? ""}
                ref={(option) => {
                  // As the default, so that it is chosen again when the form was emptied.
                  if (option !== null) option.defaultSelected = days === usualDays;
                }}
              >
                {days === null ? t.keyForever : t.keyDays(days)}
              </option>
            ))}
          </select>
        </div>
      </ActionForm>
    </section>
  );
}
