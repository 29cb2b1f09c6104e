import { text } from "../i18n/text.js";
import { may } from "../state/session.js";
import { pageView } from "../state/page-view.js";
import { labelOf } from "../state/store.js";
import { Icon } from "./icon.js";

const dialogId = "keys-dialog";

export function openKeys(): void {
  const dialog = document.getElementById(dialogId);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** The keys of the page. */
export function KeysDialog() {
  const t = text.value;
  const inRecordings = [
    { key: "K", does: t.keyPlay },
    { key: "J L", does: t.keyStep },
    { key: "+ −", does: t.keyRate },
    { key: "N P", does: t.keyMissing },
    { key: "F", does: t.keyFullScreen },
    { key: "?", does: t.keyHelp },
  ];
  const inLive = [
    ...(may("operator")
      ? [
          { key: "1", does: labelOf(0) },
          { key: "2", does: labelOf(1) },
          { key: "R", does: t.keyRotation },
          { key: "D", does: t.keyDual },
        ]
      : []),
    { key: "F", does: t.keyFullScreen },
    { key: "I", does: t.keyDelivery },
    { key: "S", does: t.keySnapshot },
    ...(may("operator") ? [{ key: "V", does: t.keyRecord }] : []),
    { key: "?", does: t.keyHelp },
  ];
  const keys = pageView.value === "live" ? inLive : inRecordings;
  return (
    <dialog id={dialogId} class="dialog" aria-labelledby="keys-title">
      <form method="dialog">
        <div class="dialog-top">
          <h2 id="keys-title">{t.keys}</h2>
          <button class="button icon-button" aria-label={t.close} title={t.close}>
            <Icon name="close" />
          </button>
        </div>
        <dl class="keys">
          {keys.map(({ key, does }) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </form>
    </dialog>
  );
}
