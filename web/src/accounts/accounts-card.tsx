import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AccountView, AuditEntryView } from "../../../server/http/wire-accounts.js";
import { Disclosure } from "../components/disclosure.js";
import { Icon } from "../components/icon.js";
import { auditSubjectText, auditText } from "../i18n/account-text.js";
import { formatTime } from "../i18n/format.js";
import { language } from "../i18n/chosen-language.js";
import { text } from "../i18n/text.js";
import { MoreButton } from "../protection/more-button.js";
import { accounts, audit, change, loadAccounts, loadOlderAudit } from "./accounts-store.js";
import { deleteAccount, patchAccount, postAccount } from "./api.js";
import { ActionForm, NewPasswordField, TextField } from "./form.js";
import { KeysPart } from "./keys-part.js";
import { asRole, RoleField } from "./role-field.js";

/** Who may do what: accounts, keys of programs, and what was done with them. For administrators. */
export function AccountsCard() {
  return (
    <Disclosure id="accounts" title={text.value.accounts} startsClosed>
      {() => <AccountsBody />}
    </Disclosure>
  );
}

function AccountsBody() {
  const t = text.value;
  useEffect(() => {
    void loadAccounts();
  }, []);
  return (
    <div class="accounts">
      <section aria-labelledby="people-title">
        <h3 id="people-title">{t.people}</h3>
        <ul class="account-list" data-testid="people">
          {accounts.value.map((account) => (
            <Person key={account.id} account={account} />
          ))}
        </ul>
        <ActionForm
          id="new-account"
          action={t.addAccount}
          clears
          onSubmit={async ({ name = "", password = "", role = "" }) => {
            await postAccount({ name, password, role: asRole(role) });
            await loadAccounts();
          }}
        >
          <TextField id="new-account-name" name="name" label={t.accountName} autocomplete="off" />
          <NewPasswordField id="new-account-password" label={t.password} />
          <RoleField id="new-account-role" />
        </ActionForm>
      </section>
      <KeysPart />
      <section aria-labelledby="audit-title">
        <h3 id="audit-title">{t.auditLog}</h3>
        <ol class="audit" data-testid="audit">
          {audit.value.entries.map((entry) => (
            <AuditLine key={entry.id} entry={entry} />
          ))}
        </ol>
        {audit.value.next !== null && <MoreButton onMore={loadOlderAudit} />}
      </section>
    </div>
  );
}

function Person({ account }: { account: AccountView }) {
  const t = text.value;
  const { id, name, role, enabled } = account;
  const changing = useSignal(false);
  return (
    <li class="account" data-testid={`account-${name}`}>
      <div class="account-line">
        <strong>{name}</strong>
        <RoleField
          id={`role-${id}`}
          label={t.roleOf(name)}
          value={role}
          onChange={(chosen) => void change(() => patchAccount(id, { role: chosen }))}
        />
        <label class="account-enabled">
          <input
            type="checkbox"
            checked={enabled}
            onChange={() => void change(() => patchAccount(id, { enabled: !enabled }))}
          />
          {t.accountEnabled}
        </label>
        <button
          type="button"
          class="button"
          aria-expanded={changing.value}
          onClick={() => {
            changing.value = !changing.value;
          }}
        >
          {t.newPassword}
        </button>
        <button
          type="button"
          class="button icon-button"
          aria-label={t.removeNamed(name)}
          title={t.removeNamed(name)}
          data-testid={`remove-${name}`}
          onClick={() => {
            if (confirm(t.removeAsk(name))) void change(() => deleteAccount(id));
          }}
        >
          <Icon name="trash" />
        </button>
      </div>
      {changing.value && (
        <ActionForm
          id={`reset-${id}`}
          action={t.newPassword}
          onSubmit={async ({ password = "" }) => {
            await patchAccount(id, { password });
            changing.value = false;
            await loadAccounts();
          }}
        >
          <NewPasswordField id={`reset-${id}-password`} label={t.passwordNew} />
        </ActionForm>
      )}
    </li>
  );
}

function AuditLine({ entry }: { entry: AuditEntryView }) {
  const t = text.value;
  const { at, who, action, subject, address } = entry;
  return (
    <li>
      <span>
        {auditText(t, action)}
        {who !== null && ` · ${who}`}
        {subject !== null && ` · ${auditSubjectText(t, subject)}`}
      </span>
      <small>
        {formatTime(at, Date.now(), language.value)} · {address}
      </small>
    </li>
  );
}
