import { text } from "../i18n/text.js";
import { takeSnapshot } from "../state/actions.js";
import { snapshotCamera } from "../state/store.js";
import { Icon } from "./icon.js";

/** On the picture: saves it as a file. */
export function SnapshotButton() {
  const t = text.value;
  const none = snapshotCamera.value === null;
  const label = none ? t.snapshotNone : t.snapshot;
  return (
    <button
      type="button"
      class="stage-button"
      disabled={none}
      title={label}
      aria-label={label}
      data-testid="snapshot"
      onClick={() => void takeSnapshot()}
    >
      <Icon name="camera" />
    </button>
  );
}
