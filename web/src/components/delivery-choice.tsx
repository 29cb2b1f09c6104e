import type { Dictionary } from "../i18n/dictionary.js";
import { text } from "../i18n/text.js";
import { deliveries, type Delivery } from "../state/delivery.js";
import { chooseDelivery, delivery } from "../state/delivery-choice.js";

/** Efficient (HLS) or instant (MJPEG): how the picture comes to this page. */
export function DeliveryChoice() {
  const t = text.value;
  return (
    <div class="segments" role="group" aria-label={t.delivery} data-testid="delivery">
      {deliveries.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-pressed={delivery.value === choice}
          title={words(t, choice).hint}
          data-testid={`delivery-${choice}`}
          onClick={() => {
            chooseDelivery(choice);
          }}
        >
          {words(t, choice).name}
        </button>
      ))}
    </div>
  );
}

function words(t: Dictionary, choice: Delivery): { name: string; hint: string } {
  if (choice === "hls") return { name: t.deliveryHls, hint: t.deliveryHlsHint };
  return { name: t.deliveryInstant, hint: t.deliveryInstantHint };
}
