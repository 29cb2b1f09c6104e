/** How the picture comes to this page: smooth and light on the network and the device, or without delay. */
export const deliveries = ["hls", "instant"] as const;
export type Delivery = (typeof deliveries)[number];

/** The one remembered by the browser, else HLS: it costs the device least, and as many may watch as like. */
export function pickDelivery(remembered: string | null): Delivery {
  return deliveries.find((delivery) => delivery === remembered) ?? "hls";
}

export const otherDelivery = (delivery: Delivery): Delivery => (delivery === "hls" ? "instant" : "hls");

/**
 * Whose picture is on the stage. After a choice the former one goes on until the chosen one shows its first frame, as in
 * a switch of cameras; which of them play follows from it: the chosen one, and the one on the stage.
 */
export function onStage(chosen: Delivery, shown: Readonly<Record<Delivery, boolean>>): Delivery {
  const former = otherDelivery(chosen);
  return !shown[chosen] && shown[former] ? former : chosen;
}
