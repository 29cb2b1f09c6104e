import { useSignal } from "@preact/signals";
import { text } from "../i18n/text.js";

/** Asks for one more page of a list. */
export function MoreButton({ onMore }: { onMore: () => Promise<void> }) {
  const asked = useSignal(false);
  const more = async () => {
    asked.value = true;
    await onMore();
    asked.value = false;
  };
  return (
    <button type="button" class="button more" disabled={asked.value} data-testid="more" onClick={() => void more()}>
      {text.value.loadMore}
    </button>
  );
}
