/** What the administrator sees of accounts, keys and the audit log; asked for when the cards are opened. */
import { signal } from "@preact/signals";
import type { AccountView, AuditEntryView, KeyView } from "../../../server/http/wire-accounts.js";
import { tellProblem } from "../state/actions.js";
import { getAccounts, getAudit, getKeys } from "./api.js";

export const accounts = signal<readonly AccountView[]>([]);
export const keys = signal<readonly KeyView[]>([]);
export const audit = signal<{ readonly entries: readonly AuditEntryView[]; readonly next: number | null }>({
  entries: [],
  next: null,
});

const auditAPage = 20;

/** Everything anew: each change is in the audit log, too. */
export const loadAccounts = (): Promise<void> =>
  told(async () => {
    const [people, programs, log] = await Promise.all([getAccounts(), getKeys(), getAudit(auditAPage)]);
    accounts.value = people.accounts;
    keys.value = programs.keys;
    audit.value = log;
  });

export const loadOlderAudit = (): Promise<void> =>
  told(async () => {
    const { entries, next } = audit.peek();
    if (next === null) return;
    const older = await getAudit(auditAPage, next);
    audit.value = { entries: [...entries, ...older.entries], next: older.next };
  });

/** A change, and then what is now; what does not succeed is told in a notice. */
export const change = (action: () => Promise<unknown>): Promise<void> =>
  told(async () => {
    await action();
    await loadAccounts();
  });

async function told(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (thrown) {
    tellProblem(thrown);
  }
}
