import type { Role } from "../../../server/http/wire-accounts.js";
import { roleText } from "../i18n/account-text.js";
import { text } from "../i18n/text.js";

const roles: readonly Role[] = ["viewer", "operator", "administrator"];

/** What a select says; its options are all there are. */
export function asRole(value: string): Role {
  return roles.find((role) => role === value) ?? "viewer";
}

export interface RoleFieldProps {
  readonly id: string;
  /** For screen readers, where the field has no label of its own in sight. */
  readonly label?: string;
  readonly value?: Role;
  readonly onChange?: (role: Role) => void;
}

export function RoleField({ id, label, value, onChange }: RoleFieldProps) {
  const t = text.value;
  return (
    <div class="field">
      {label === undefined && <label for={id}>{t.role}</label>}
      <select
        id={id}
        name="role"
        aria-label={label}
        value={value}
        data-testid={id}
        onChange={(event) => onChange?.(asRole(event.currentTarget.value))}
      >
        {roles.map((role) => (
          <option key={role} value={role}>
            {roleText(t, role)}
          </option>
        ))}
      </select>
    </div>
  );
}
