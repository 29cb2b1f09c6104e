/** How the picture comes to this page: smooth and light on the network and the device, or without delay. */
export const deliveries = ["hls", "instant"] as const;
export type Delivery = (typeof deliveries)[number];

/** The one remembered by the browser, else HLS: it costs the device least, and as many may watch as like. */
export function pickDelivery(remembered: string | null): Delivery {
  return deliveries.find((delivery) => delivery === remembered) ?? "hls";
}

export const otherDelivery = (delivery: Delivery): Delivery => (delivery === "hls" ? "instant" : "hls");

/** What one of the two has to show: nothing yet, a picture, or a trouble that a person should see. */
export type Standing = "nothing" | "picture" | "trouble";

/**
 * Whose picture is on the stage. After a choice the former one goes on until the chosen one shows its first frame, as in
 * a switch of cameras; which of them play follows from it: the chosen one, and the one on the stage.
 */
export function onStage(chosen: Delivery, standing: Readonly<Record<Delivery, Standing>>): Delivery {
  const former = otherDelivery(chosen);
  return standing[chosen] === "nothing" && standing[former] === "picture" ? former : chosen;
}
