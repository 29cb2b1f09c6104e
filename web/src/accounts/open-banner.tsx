import { text } from "../i18n/text.js";
import { session } from "../state/session.js";

/** Nobody is asked who they are: that is to be known, not guessed. */
export function OpenBanner() {
  if (session.value?.auth !== "off") return null;
  return (
    <p class="open-banner" data-testid="open-banner">
      {text.value.openToAll}
    </p>
  );
}
