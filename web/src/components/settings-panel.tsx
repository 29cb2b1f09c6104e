import { useSignal } from "@preact/signals";
import type { CameraView } from "../../../server/http/wire.js";
import { text } from "../i18n/text.js";
import { ProfileForm } from "../profile/profile-form.js";
import { swapCameras } from "../state/actions.js";
import { may } from "../state/session.js";
import { labelOf, status } from "../state/store.js";
import { Icon } from "./icon.js";
import { RestSetting } from "./rest-setting.js";
import { SettingsFile } from "./settings-file.js";

/** Settings of each camera, the order of the cameras, and the settings file. */
export function SettingsPanel() {
  const t = text.value;
  const cameras = status.value?.cameras ?? [];
  return (
    <section class="settings" aria-labelledby="settings-title">
      <h2 id="settings-title" class="visually-hidden">
        {t.settings}
      </h2>
      <div class="settings-cameras">
        {cameras.map((camera) => (
          <CameraSettings key={camera.id} camera={camera} />
        ))}
      </div>
      <div class="settings-device">
        {may("administrator") && cameras.length > 1 && (
          <div class="card row">
            <p>{t.swapDetail}</p>
            <button type="button" class="button" data-testid="swap" onClick={() => void swapCameras()}>
              <Icon name="swap" />
              {t.swap}
            </button>
          </div>
        )}
        {may("administrator") && <RestSetting />}
        {may("administrator") && <SettingsFile />}
      </div>
    </section>
  );
}

/** The form is made when it is opened for the first time. */
function CameraSettings({ camera }: { camera: CameraView }) {
  const t = text.value;
  const opened = useSignal(false);
  return (
    <details
      class="card disclosure camera-settings"
      data-testid={`settings-${camera.number}`}
      onToggle={(event) => {
        if (event.currentTarget.open) opened.value = true;
      }}
    >
      <summary>
        <h3>{t.settingsOf(labelOf(camera.number))}</h3>
        <small title={camera.id}>
          {t.cameraModel}: {camera.model}
        </small>
      </summary>
      {opened.value && <ProfileForm camera={camera} />}
    </details>
  );
}
