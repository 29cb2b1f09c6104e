import { AccountButton } from "../accounts/account-dialog.js";
import { languages } from "../i18n/language.js";
import { ko } from "../i18n/ko.js";
import { en } from "../i18n/en.js";
import { language } from "../i18n/chosen-language.js";
import { chooseLanguage, text } from "../i18n/text.js";
import { addressOf, pageView, type PageView } from "../state/page-view.js";
import { isAway } from "../state/session.js";
import { status } from "../state/store.js";
import { Icon } from "./icon.js";
import { openKeys } from "./keys-dialog.js";

const names = { en: en.languageName, ko: ko.languageName };

export function Header() {
  const t = text.value;
  return (
    <header class="header">
      <h1>
        <img src="./favicon.svg" alt="" width={28} height={28} />
        {t.title}
      </h1>
      {!isAway.value && (
        <nav class="segments views" aria-label={t.views}>
          <ViewLink view="live" name={t.viewLive} />
          <ViewLink view="recordings" name={t.viewRecordings} />
        </nav>
      )}
      {status.value?.service.driver === "simulated" && <span class="chip">{t.simulated}</span>}
      <div class="header-end">
        <AccountButton />
        {!isAway.value && <KeysButton />}
        <div class="segments" role="group" aria-label={t.language}>
          {languages.map((choice) => (
            <button
              key={choice}
              type="button"
              lang={choice}
              aria-pressed={language.value === choice}
              data-testid={`language-${choice}`}
              onClick={() => {
                chooseLanguage(choice);
              }}
            >
              {names[choice]}
            </button>
          ))}
        </div>
      </div>
    </header>
  );
}

function KeysButton() {
  const label = text.value.keys;
  return (
    <button
      type="button"
      class="button icon-button keys-button"
      title={label}
      aria-label={label}
      data-testid="keys"
      onClick={openKeys}
    >
      <Icon name="keyboard" />
    </button>
  );
}

function ViewLink({ view, name }: { view: PageView; name: string }) {
  return (
    <a href={addressOf(view)} aria-current={pageView.value === view ? "page" : undefined} data-testid={`view-${view}`}>
      {name}
    </a>
  );
}
