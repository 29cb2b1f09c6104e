import { useRef } from "preact/hooks";
import { text } from "../i18n/text.js";
import { importSettings } from "../state/actions.js";
import { settingsFileUrl } from "../state/api.js";
import { Icon } from "./icon.js";

/** Export and import of all settings (A7). */
export function SettingsFile() {
  const t = text.value;
  const input = useRef<HTMLInputElement>(null);
  const importChosen = async (chooser: HTMLInputElement) => {
    const file = chooser.files?.[0];
    if (file) await importSettings(file);
    // So that the same file can be chosen again.
    chooser.value = "";
  };
  return (
    <div class="card row">
      <p>{t.fileDetail}</p>
      <div class="row-buttons">
        <a class="button" href={settingsFileUrl} download="smart-toggle-settings.json" data-testid="export">
          <Icon name="download" />
          {t.exportSettings}
        </a>
        <button type="button" class="button" data-testid="import" onClick={() => input.current?.click()}>
          <Icon name="upload" />
          {t.importSettings}
        </button>
        <input
          ref={input}
          type="file"
          accept="application/json,.json"
          hidden
          onChange={(event) => void importChosen(event.currentTarget)}
        />
      </div>
    </div>
  );
}
