/** Texts of the instant view and of snapshots in English. */
export const enInstant = {
  delivery: "How the picture is sent",
  deliveryHls: "Efficient",
  deliveryHlsHint: "Efficient (HLS): smooth and light on the network, about a second behind",
  deliveryInstant: "Instant",
  deliveryInstantHint: "Instant (MJPEG): almost without delay, more data, and only a few places",
  keyDelivery: "Efficient or instant view",
  snapshot: "Save this picture",
  snapshotNone: "No picture was shown yet",
  keySnapshot: "Save the picture",
  fullScreenNeedsHls: "This phone shows only the efficient view in full screen",

  turnedAwayTitle: "No instant view at the moment",
  turnedAwayFullTitle: "All places for the instant view are taken",
  turnedAwayHolder: (address: string, time: string) => `${address}, for ${time}`,
  turnedAwayGoesOn: (seconds: number) => `The efficient view comes in ${seconds} s.`,
  turnedAwayButton: "Efficient view now",

  figuresInstant: "Instant view",
  figureInstantLatency: "Delay",
  figureInstantFps: "Shown per second",
  figureInstantFrames: "Frames shown",
  figureInstantSize: "Mean frame size",
  figureInstantDropped: "Frames left out",
};
