import type { EventTexts } from "./event-texts.js";

export const enEvents: EventTexts = {
  guardReduced: "Protection made the picture lighter",
  guardStopped: "Protection stopped the picture",
  guardBack: "Protection took a step back",
  cameraStalled: "The camera sent no pictures",
  cameraFrozen: "The camera sent the same picture again and again",
  cameraLost: "The camera was lost",
  encoderStalled: "The encoder wrote nothing",
  encoderFailed: "The encoder failed",
  nginxDied: "The web server ended and was started again",
  controllerBlocked: "The service itself stood still",
  serviceCrashed: "The service ended unexpectedly and was started again",
  serviceDown: "The device was off or was restarted",
  serviceStopped: "The service was stopped",
  switch: "Switch",
};
